namespace Hexabase.Adapters.Kubernetes;

/// <summary>Which objects of a kind a list has, as selectors of the API; null for all.</summary>
internal sealed record ListQuery(string? Labels = null, string? Fields = null)
{
    public static ListQuery All { get; } = new();

    /// <summary>To be put behind other parameters of an address.</summary>
    public override string ToString() => Parameter("labelSelector", Labels) + Parameter("fieldSelector", Fields);

    private static string Parameter(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
