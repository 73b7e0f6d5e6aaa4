using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Hexabase.Worker.Hosting;

/// <summary>
/// Makes Kestrel listen where the host wants: on the loopback address, at the port it names, HTTP/1.1 only. Untouched when
/// another server takes Kestrel's place, as in tests.
/// </summary>
internal sealed class HandlerPort(IConfiguration configuration) : IConfigureOptions<KestrelServerOptions>
{
    private const string Name = "FUNCTIONS_CUSTOMHANDLER_PORT";
    private const string OlderName = "FUNCTIONS_HTTPWORKER_PORT";

    /// <summary>Why Kestrel has no port to listen on, on one line; null when it has one or was not asked to listen.</summary>
    public string? Problem { get; private set; }

    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        var text = configuration[Name] ?? configuration[OlderName];
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            options.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        else
            Problem = text is null
                ? $"{Name} is not set: this app is started by a Functions host, for example by 'dotnet run --project local'."
                : $"{Name} is '{text}', which is not a port.";
    }
}
