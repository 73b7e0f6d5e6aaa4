using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Accounts;

/// <summary>No usable refresh token came with the request.</summary>
public sealed record NoSession() : Refusal(RefusalKind.Unauthenticated, "NO_SESSION", "Nobody is signed in here. Sign in first.");

/// <summary>The session was ended: by a sign-out, or because an old refresh token was used again.</summary>
public sealed record SessionRevoked() : Refusal(RefusalKind.Unauthenticated, "SESSION_REVOKED", "This session has ended. Sign in again.");

/// <summary>An accepted refresh token.</summary>
/// <param name="Next">The token that replaces it; null when another request has just received that one.</param>
public sealed record Rotated(string AccountId, RefreshToken? Next);

/// <summary>Opens, continues and ends sessions. Concurrent uses of one token are told apart by the document's version.</summary>
public sealed class Sessions(IDocumentStore documents, TimeProvider clock)
{
    /// <summary>Opens a session and returns its first refresh token.</summary>
    public async Task<RefreshToken> Open(string accountId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var token = RefreshToken.New(accountId, Ids.TimeOrdered(now));
        var batch = Of(accountId).Create(Session.DocumentId(token.SessionId), Session.New(token, now), Session.Lifetime);
        var opened = await documents.Commit(batch, ct);
        return opened.Succeeded ? token : throw new InvalidOperationException($"Session id {token.SessionId} is taken: chance failed.");
    }

    /// <summary>The account whose session the token continues, without using the token up; null when it continues none.</summary>
    public async Task<string?> AccountOf(string? cookie, CancellationToken ct)
    {
        if (!RefreshToken.TryParse(cookie, out var token) || await Read(token, ct) is not { } session)
            return null;
        var presented = session.Value.Judge(token.SecretHash, clock.GetUtcNow());
        return presented is Presented.Newest or Presented.JustReplaced ? token.AccountId : null;
    }

    /// <summary>Uses a refresh token up. An old one revokes its whole session.</summary>
    public async Task<Result<Rotated>> Rotate(string? cookie, CancellationToken ct)
    {
        if (!RefreshToken.TryParse(cookie, out var token))
            return new NoSession();
        while (await Read(token, ct) is { } session)
        {
            var now = clock.GetUtcNow();
            switch (session.Value.Judge(token.SecretHash, now))
            {
                case Presented.Ended:
                    return session.Value.RevokedAt is null ? new NoSession() : new SessionRevoked();
                case Presented.JustReplaced:
                    return new Rotated(token.AccountId, Next: null);
                case Presented.Reused:
                    await Revoke(token, ct);
                    return new SessionRevoked();
                case Presented.Newest:
                    var next = RefreshToken.New(token.AccountId, token.SessionId);
                    if (await Replace(token.AccountId, session, session.Value.Rotate(next, now), ct))
                        return new Rotated(token.AccountId, next);
                    break;
            }
        }
        return new NoSession();
    }

    /// <summary>Ends the session that a refresh token, new or old, belongs to; fine when there is none.</summary>
    public Task End(string? cookie, CancellationToken ct) =>
        RefreshToken.TryParse(cookie, out var token) ? Revoke(token, ct) : Task.CompletedTask;

    private async Task Revoke(RefreshToken token, CancellationToken ct)
    {
        while (await Read(token, ct) is { Value.RevokedAt: null } session)
        {
            if (await Replace(token.AccountId, session, session.Value with { RevokedAt = clock.GetUtcNow() }, ct))
                return;
        }
    }

    private ValueTask<Document<Session>?> Read(RefreshToken token, CancellationToken ct) =>
        documents.Read<Session>(Containers.Accounts, token.AccountId, Session.DocumentId(token.SessionId), ct);

    private async Task<bool> Replace(string accountId, Document<Session> read, Session next, CancellationToken ct) =>
        (await documents.Commit(Of(accountId).Replace(read.Id, next, read.ETag, Session.Lifetime), ct)).Succeeded;

    private static DocumentBatch Of(string accountId) => new(Containers.Accounts, accountId);
}
