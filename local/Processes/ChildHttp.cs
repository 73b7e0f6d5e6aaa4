namespace Hexabase.Local.Processes;

/// <summary>HTTP to the child processes: every byte as it is, no limit on connections, nothing added.</summary>
public static class ChildHttp
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(5);

    public static HttpMessageInvoker New() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = ConnectWithin,
    });
}
