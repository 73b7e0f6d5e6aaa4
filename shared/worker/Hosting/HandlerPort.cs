using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Hexabase.Worker.Hosting;

/// <summary>The port that the host wants the worker to listen on.</summary>
internal static class HandlerPort
{
    private const string Name = "FUNCTIONS_CUSTOMHANDLER_PORT";
    private const string OlderName = "FUNCTIONS_HTTPWORKER_PORT";

    /// <exception cref="WorkerStartException">There is none, or it is not a port.</exception>
    public static int Read(IConfiguration configuration)
    {
        var text = configuration[Name] ?? configuration[OlderName]
            ?? throw new WorkerStartException($"{Name} is not set: this app is started by a Functions host, such as 'dotnet run --project local'.");
        return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port
            : throw new WorkerStartException($"{Name} is '{text}', which is not a port.");
    }
}
