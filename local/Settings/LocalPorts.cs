using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;

namespace Hexabase.Local.Settings;

/// <summary>Where the companions listen: the same on every start as long as nothing else took the port.</summary>
public sealed record LocalPorts(int Blobs, int SignIn)
{
    // Below the ranges from which systems take ports of outgoing connections: nothing grabs one while a child restarts.
    private const int Lowest = 20_000;
    private const int Highest = 32_000;

    public static LocalPorts In(DataFolder data)
    {
        var remembered = JsonSerializer.Deserialize<LocalPorts>(data.ReadOrCreate("ports.json", () => JsonSerializer.Serialize(new LocalPorts(Free(), Free()))))!;
        return new LocalPorts(FreeOr(remembered.Blobs), FreeOr(remembered.SignIn));
    }

    /// <summary>A loopback port that nothing listens on now.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(Lowest, Highest);
            if (IsFree(port))
                return port;
        }
    }

    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreeOr(int port) => IsFree(port) ? port : Free();
}
