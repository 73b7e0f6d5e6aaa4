using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Hexabase.Local.Settings;

/// <summary>Where the companions listen: the same on every start as long as nothing else took the port.</summary>
public sealed record LocalPorts(int Blobs, int SignIn)
{
    // Below the ranges from which systems take ports of outgoing connections: nothing grabs one while a child restarts.
    private const int Lowest = 20_000;
    private const int Highest = 32_000;
    private const string FileName = "ports.json";

    /// <summary>More than exit-with-parent.cjs allows a companion.</summary>
    private static readonly TimeSpan ReleasedWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The ports kept in the data folder. A platform that was killed leaves companions behind that take a moment to notice: it is waited
    /// for, since a second Azurite must not run on the same files.
    /// </summary>
    /// <param name="platform">The platform's own port.</param>
    /// <exception cref="CannotStartException">The file is damaged.</exception>
    public static async Task<LocalPorts> In(DataFolder data, int platform, PlatformConsole console, TimeProvider clock, CancellationToken ct)
    {
        var remembered = data.ReadOrCreateJson(FileName, () => New(platform));
        var given = clock.GetTimestamp();
        var blobs = await Again(remembered.Blobs);
        var signIn = await Again(remembered.SignIn);
        var ports = new LocalPorts(blobs ?? Free(platform, signIn), 0);
        ports = ports with { SignIn = signIn ?? Free(platform, ports.Blobs) };
        if (ports != remembered)
            data.ReplaceJson(FileName, ports);
        return ports;

        async Task<int?> Again(int port)
        {
            if (port == platform)
                return null;
            if (!IsFree(port))
                console.Say($"waiting for port {port}, which an earlier run may be about to give up …");
            while (!IsFree(port))
            {
                if (clock.GetElapsedTime(given) >= ReleasedWithin)
                    return null;
                await Task.Delay(LookEvery, clock, ct);
            }
            return port;
        }
    }

    /// <summary>A loopback port that nothing listens on now.</summary>
    /// <param name="others">Ports that are as good as taken.</param>
    public static int Free(params ReadOnlySpan<int?> others)
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(Lowest, Highest);
            if (!others.Contains(port) && IsFree(port))
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

    private static LocalPorts New(int platform)
    {
        var blobs = Free(platform);
        return new LocalPorts(blobs, Free(platform, blobs));
    }
}
