using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Hexabase.Domain;

namespace Hexabase.Adapters.Kubernetes.Connection;

/// <summary>
/// A program that prints a token (<c>client.authentication.k8s.io</c>, sheet section 3), as kubeconfig files of cloud providers name one. Its
/// certificates are not supported, only its tokens.
/// </summary>
internal sealed record CredentialPlugin(
    string ApiVersion, string Command, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A token is not used up to its last second: the call still has to arrive.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <exception cref="DependencyUnavailableException">It gave no token.</exception>
    public async Task<BearerToken> Run(TimeProvider clock, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            return Read(await Output(either.Token));
        }
        catch (Exception e) when (e is Win32Exception or JsonException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new DependencyUnavailableException($"The cluster's credential plugin {Command} gave no token.", e);
        }
    }

    /// <exception cref="JsonException">Not the answer of a plugin.</exception>
    internal static BearerToken Read(byte[] output)
    {
        var credential = KubernetesJson.Read<ExecCredential>(output);
        if (credential is not { Kind: "ExecCredential", Status.Token: { Length: > 0 } token })
            throw new JsonException("No ExecCredential with a token.");

        // One that says no end is good while the process lives, or until it is refused.
        return new BearerToken(token, credential.Status.ExpirationTimestamp - Margin ?? DateTimeOffset.MaxValue);
    }

    private async Task<byte[]> Output(CancellationToken ct)
    {
        var start = new ProcessStartInfo(Command, Arguments) 
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        start.Environment["KUBERNETES_EXEC_INFO"] =
            $$$"""{"kind":"ExecCredential","apiVersion":"{{{ApiVersion}}}","spec":{"interactive":false}}""";
        using var process = Process.Start(start)!;
        try
        {
            process.StandardInput.Close();
            using var output = new MemoryStream();
            await process.StandardOutput.BaseStream.CopyToAsync(output, ct);
            await process.WaitForExitAsync(ct);
            return process.ExitCode == 0
                ? output.ToArray()
                : throw new DependencyUnavailableException($"The cluster's credential plugin {Command} ended with {process.ExitCode}.");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private sealed record ExecCredential(string? Kind, ExecCredentialStatus? Status);

    private sealed record ExecCredentialStatus(string? Token, DateTimeOffset? ExpirationTimestamp);
}
