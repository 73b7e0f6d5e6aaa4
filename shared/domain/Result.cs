using System.Diagnostics.CodeAnalysis;

namespace Hexabase.Domain;

/// <summary>What sort of "no" a refusal is. The HTTP status of each is decided in one place, at the edge.</summary>
public enum RefusalKind
{
    /// <summary>The request itself is wrong (400).</summary>
    Invalid,

    /// <summary>The caller did not prove who they are (401).</summary>
    Unauthenticated,

    /// <summary>Something has to be bought first (402).</summary>
    PaymentRequired,

    /// <summary>The caller is known and may not do this (403).</summary>
    Forbidden,

    /// <summary>It does not exist, or the caller may not know that it does (404).</summary>
    NotFound,

    /// <summary>It contradicts what is stored (409).</summary>
    Conflict,

    /// <summary>More than a documented size (413).</summary>
    TooLarge,

    /// <summary>Well-formed and understood, but not acceptable (422).</summary>
    Unprocessable,

    /// <summary>Too many requests in the window (429).</summary>
    RateLimited,

    /// <summary>The fault is ours (500).</summary>
    Internal,

    /// <summary>Something this depends on does not answer; trying again later helps (503).</summary>
    Unavailable,
}

/// <summary>
/// An expected "no", as a value. Each concrete refusal is a record named after what went wrong, declared beside the use case
/// that refuses.
/// </summary>
/// <param name="Kind">Decides the HTTP status.</param>
/// <param name="Code">Stable, UPPER_SNAKE, part of the API.</param>
/// <param name="Detail">What was wrong and what to do, for a person.</param>
public abstract record Refusal(RefusalKind Kind, string Code, string Detail)
{
    /// <summary>The input field at fault, as it is spelled in the request; null when no single one is.</summary>
    public string? Field { get; init; }

    /// <summary>How long to wait before trying again; null when waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What a program needs beyond code and field, by snake_case name, such as the list of all errors; null for nothing.</summary>
    public IReadOnlyDictionary<string, object>? Members { get; init; }
}

/// <summary>Input that breaks a rule of its field.</summary>
public sealed record InvalidInput : Refusal
{
    public InvalidInput(string field, string detail) : base(RefusalKind.Invalid, "INVALID_INPUT", detail) => Field = field;
}

/// <summary>A value, or the reason there is none.</summary>
public readonly struct Result<T>
{
    private readonly T? value;
    private readonly Refusal? refusal;

    private Result(T? value, Refusal? refusal) => (this.value, this.refusal) = (value, refusal);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Refusal refusal) => new(default, refusal);

    /// <summary>True with the value, or false with the refusal.</summary>
    public bool Succeeded([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Refusal? refusal)
    {
        (value, refusal) = (this.value, this.refusal);
        return refusal is null;
    }

    public TOut Match<TOut>(Func<T, TOut> onValue, Func<Refusal, TOut> onRefusal) => refusal is null ? onValue(value!) : onRefusal(refusal);
}
