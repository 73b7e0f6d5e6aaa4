using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Hexabase.Domain.Operations;

namespace Hexabase.Functions.Operations;

/// <summary>The report as a page of its own: no script, nothing loaded, light or dark as the reader has it.</summary>
public static class SloPage
{
    private const string Style = """
        :root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --warn: #9a6700; --bad: #cf222e; --dim: #6e7781; }
        @media (prefers-color-scheme: dark) { :root { --good: #3fb950; --warn: #d29922; --bad: #f85149; --dim: #8b949e; } }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.4rem; margin: 0; }
        h2 { font-size: 1rem; margin: 2rem 0 .25rem; }
        p { margin: 0; color: var(--dim); }
        .table { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: right; padding: .35rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
        th { font-weight: 600; color: var(--dim); }
        th:first-child, td:first-child, th:nth-child(2), td:nth-child(2) { text-align: left; }
        .met { color: var(--good); } .at_risk { color: var(--warn); } .missed { color: var(--bad); } .no_data { color: var(--dim); }
        """;

    /// <summary>Allows the page its own style and nothing else.</summary>
    public static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static string Of(SloReport report)
    {
        var html = new StringBuilder();
        html.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width\"><meta http-equiv=\"refresh\" content=\"60\">")
            .Append("<title>Service objectives</title><style>").Append(Style).Append("</style></head><body>")
            .Append("<h1>Service objectives</h1>")
            .Append(CultureInfo.InvariantCulture, $"<p>{report.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, with up to a minute's delay</p>");
        foreach (var objective in report.Objectives)
            Append(html, objective);
        return html.Append("</body></html>").ToString();
    }

    private static void Append(StringBuilder html, ObjectiveReport objective)
    {
        var isTimed = objective.WithinSeconds is not null;
        var hasVolumes = objective.Windows.Any(window => window.Good is not null);
        html.Append(CultureInfo.InvariantCulture, $"<h2>{WebUtility.HtmlEncode(objective.Promise)}</h2>")
            .Append(CultureInfo.InvariantCulture, $"<p><code>{objective.Objective}</code>, at least {Percent(objective.Target)}</p>")
            .Append("<div class=\"table\"><table><thead><tr><th>Window</th><th>State</th><th>Good</th>")
            .Append(isTimed ? "<th>p95</th>" : "").Append("<th>Error budget left</th>")
            .Append(hasVolumes ? "<th>Good events</th><th>Bad events</th>" : "").Append("</tr></thead><tbody>");
        foreach (var window in objective.Windows)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{window.Window}</td>{State(window.State)}")
                .Append(CultureInfo.InvariantCulture, $"<td>{Percent(window.GoodShare)}</td>")
                .Append(isTimed ? $"<td>{Seconds(window.P95Seconds)}</td>" : "")
                .Append(CultureInfo.InvariantCulture, $"<td>{Percent(window.BudgetLeft)}</td>");
            if (hasVolumes)
                html.Append(CultureInfo.InvariantCulture, $"<td>{window.Good}</td><td>{window.Bad}</td>");
            html.Append("</tr>");
        }
        html.Append("</tbody></table></div>");
    }

    private static string State(SloState state) => state switch
    {
        SloState.Met => "<td class=\"met\">✓ met</td>",
        SloState.AtRisk => "<td class=\"at_risk\">! at risk</td>",
        SloState.Missed => "<td class=\"missed\">✗ missed</td>",
        _ => "<td class=\"no_data\">no data</td>",
    };

    private static string Percent(decimal? share) =>
        share is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known * 100:0.###} %") : "–";

    private static string Seconds(double? bound) =>
        bound is { } known ? string.Create(CultureInfo.InvariantCulture, $"≤ {known:0.##} s") : "–";
}
