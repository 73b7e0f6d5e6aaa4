using System.Text.Json;

namespace Hexabase.Local.Functions;

/// <summary>The running function app, as the parts that trigger it see it.</summary>
public interface IFunctionApp
{
    /// <summary>Every function found at start, disabled ones too.</summary>
    IReadOnlyList<FunctionDefinition> Functions { get; }

    /// <summary>Whether it answers now.</summary>
    bool IsReady { get; }

    /// <summary>Completes when the app answers, at once if it does now. An app that ended itself for good is waited for until the end.</summary>
    ValueTask WhenReady(CancellationToken ct);

    /// <summary>
    /// Posts an envelope <c>{"Data":…,"Metadata":…}</c> to a function and reads its answer by the rules of the custom-handler
    /// protocol. Waits as <see cref="WhenReady"/> does. Never throws for what the app does or is sent; a crash, a timeout, an unusable
    /// answer and what cannot be written as JSON are failures.
    /// </summary>
    /// <param name="data">Writes the one property of the object <c>Data</c>, which is named after the binding.</param>
    /// <param name="metadata">Writes the properties of the object <c>Metadata</c>; <c>sys</c> is added.</param>
    Task<InvocationResult> Invoke(string function, Action<Utf8JsonWriter> data, Action<Utf8JsonWriter> metadata, CancellationToken ct);
}

/// <summary>How an invocation ended.</summary>
/// <param name="Error">Null when it succeeded.</param>
public readonly record struct InvocationResult(string? Error)
{
    public bool Succeeded => Error is null;

    /// <summary>What kind of failure it was; says nothing of a success.</summary>
    public InvocationFailure Failure { get; init; }

    /// <summary>The answer's <c>ReturnValue</c> as JSON in UTF-8; empty when it is absent or null.</summary>
    public ReadOnlyMemory<byte> ReturnValue { get; init; }
}

/// <summary>Why an invocation failed.</summary>
public enum InvocationFailure
{
    /// <summary>The app's answer says so, or is none.</summary>
    Answer,

    /// <summary>The connection broke: the function may have run, wholly or in part.</summary>
    Connection,

    /// <summary>It took longer than the function timeout, and cost the app its process.</summary>
    Timeout,

    /// <summary>Another function's timeout cost the app its process: this one may have run, wholly or in part.</summary>
    Restart,
}
