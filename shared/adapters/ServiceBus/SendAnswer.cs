using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Azure;
using Hexabase.Domain.Messaging;

namespace Hexabase.Adapters.ServiceBus;

/// <summary>What came back from one try to send, and what is to be done about it.</summary>
/// <param name="Status">HTTP status; 0 when no answer came, and then it is open whether the messages were taken.</param>
/// <param name="RetryAfter">How long the service asks to wait.</param>
/// <param name="Detail">The beginning of the service's explanation.</param>
internal sealed partial record SendAnswer(int Status, TimeSpan? RetryAfter = null, string Detail = "", Exception? Cause = null)
{
    private const int MostTries = 4;
    private const int LongestDetail = 500;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan WaitWhenThrottled = TimeSpan.FromSeconds(10);

    public bool IsTaken => Status == 201;

    /// <summary>The namespace has too much to do: 429, or 403 with one of the two codes for that.</summary>
    private bool IsThrottled => Status == 429 || (Status == 403 && ThrottlingCode().IsMatch(Detail));

    /// <summary>What passes by itself; so may a lost answer.</summary>
    private bool IsTransient => IsThrottled || Status is 0 or 408 or >= 500;

    /// <summary>What is wrong with the messages themselves; they are checked before, so this is a rule of the service not known here.</summary>
    private bool IsRejection => Status is 400 or 413;

    public static SendAnswer Of(Response response, DateTimeOffset now)
    {
        var asked = response.Headers.TryGetValue("Retry-After", out var text) && RetryConditionHeaderValue.TryParse(text, out var parsed)
            ? parsed.Delta ?? parsed.Date - now
            : null;
        return new SendAnswer(response.Status, asked > TimeSpan.Zero ? asked : null, Beginning(response.Content.ToMemory().Span));
    }

    /// <summary>How long to wait before the next try; null when there shall be none.</summary>
    /// <param name="tries">How many there were.</param>
    /// <param name="chance">0 to 1: spreads those that failed together.</param>
    public TimeSpan? WaitAfter(int tries, double chance)
    {
        if (!IsTransient || tries >= MostTries)
            return null;
        var wait = RetryAfter ?? (IsThrottled ? WaitWhenThrottled : FirstWait * Math.Pow(3, tries - 1));
        return wait * (1 + (chance * 0.3));
    }

    public MessagingException Failure(string queue) => new(
        Status == 0 ? $"Queue '{queue}' did not answer." : $"Queue '{queue}' answered {Status}: {Detail}", IsRejection, Cause);

    /// <summary>For a log: bounded, on one line.</summary>
    private static string Beginning(ReadOnlySpan<byte> content)
    {
        var text = Encoding.UTF8.GetString(content[..Math.Min(content.Length, LongestDetail)]);
        return string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
    }

    [GeneratedRegex(@"\b5000[89]\b", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex ThrottlingCode();
}
