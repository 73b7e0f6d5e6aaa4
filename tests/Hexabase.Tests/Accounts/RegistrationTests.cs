using FsCheck;
using FsCheck.Fluent;
using Hexabase.Domain;
using Hexabase.Domain.Accounts;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Workspaces;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Accounts;

public sealed class RegistrationTests : IAsyncDisposable
{
    private static readonly ExternalIdentity AnnAtGoogle = new("google", "g-ann", "Ann Lee", "Ann@Example.com", EmailVerified: true);
    private static readonly ExternalIdentity AnnAtGitHub = new("github", "1001", "ann", "ann@example.com", EmailVerified: true);
    private readonly ManualTimeProvider clock = new();
    private readonly TemporaryDocumentStore store;
    private readonly Registration registration;

    public RegistrationTests()
    {
        store = new TemporaryDocumentStore(clock);
        registration = new Registration(store, TestPlans.Product, clock);
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task The_first_sign_in_makes_an_account_with_organization_workspace_and_free_plan()
    {
        var user = await SignedIn(AnnAtGoogle);

        Assert.Equal(("Ann Lee", "ann@example.com", true), (user.DisplayName, user.Email, user.EmailVerified));
        Assert.Equal([new LinkedIdentity("google", "g-ann", clock.GetUtcNow())], user.Identities);
        Assert.Equal(PlanName.Free, (await store.OfAccount<Quota>(user.Id, Quota.DocumentId))?.Plan);
        Assert.Equal("Ann Lee", (await store.OfAccount<Organization>(user.Id, Organization.DocumentId))?.Name);
        var workspace = await store.OfAccount<Workspace>(user.Id, Workspace.DocumentId);
        Assert.Equal(("dev-workspace", WorkspaceStatus.Recorded), (workspace?.Name, workspace?.Status));
    }

    [Fact]
    public async Task Later_sign_ins_lead_to_the_same_account_and_change_nothing()
    {
        var first = await SignedIn(AnnAtGoogle);
        clock.Advance(TimeSpan.FromDays(1));
        var again = await SignedIn(AnnAtGoogle with { DisplayName = "Renamed", Email = "moved@example.com" });
        Assert.Equal((first.Id, first.DisplayName, first.Email), (again.Id, again.DisplayName, again.Email));
    }

    [Fact]
    public async Task Of_many_concurrent_first_sign_ins_of_one_person_one_account_comes()
    {
        var users = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => SignedIn(AnnAtGoogle))));
        var id = Assert.Single(users.Select(u => u.Id).Distinct(StringComparer.Ordinal));
        Assert.Single((await store.OfAccount<User>(id, User.DocumentId))!.Identities);
    }

    [Fact]
    public async Task An_email_that_another_provider_registered_is_refused_and_the_provider_named()
    {
        await SignedIn(AnnAtGoogle);
        var refused = Assert.IsType<EmailRegisteredWithOtherProvider>(await Refusal(registration.SignIn(AnnAtGitHub, default)));
        Assert.Equal(("google", "github"), (refused.Registered, refused.Attempted));
        Assert.Equal("EMAIL_REGISTERED_WITH_OTHER_PROVIDER", refused.Code);
    }

    [Fact]
    public async Task An_email_that_another_identity_of_the_same_provider_registered_is_refused()
    {
        await SignedIn(AnnAtGoogle);
        var refused = await Refusal(registration.SignIn(AnnAtGoogle with { Subject = "g-other" }, default));
        Assert.Equal(new EmailRegisteredWithOtherIdentity("google"), refused);
    }

    [Fact]
    public async Task Of_two_providers_that_register_one_email_at_the_same_moment_one_wins()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Task.Run(() => registration.SignIn(i % 2 == 0 ? AnnAtGoogle : AnnAtGitHub, default))));
        var accounts = results.Select(r => r.Succeeded(out var user, out _) ? user.Id : null).OfType<string>();
        Assert.Single(accounts.Distinct(StringComparer.Ordinal));
        Assert.Equal(8, results.Count(r => r.Succeeded(out _, out _)));
    }

    [Fact]
    public async Task An_unverified_email_neither_claims_an_address_nor_matches_one()
    {
        var unverified = await SignedIn(AnnAtGitHub with { EmailVerified = false });
        Assert.Equal(("ann@example.com", false), (unverified.Email, unverified.EmailVerified));
        Assert.Null(unverified.VerifiedEmail);

        var owner = await SignedIn(AnnAtGoogle);
        Assert.NotEqual(unverified.Id, owner.Id, StringComparer.Ordinal);
        Assert.Equal("ann@example.com", owner.VerifiedEmail);
    }

    [Fact]
    public async Task An_account_without_email_works_and_gets_the_address_once_it_is_verified()
    {
        var before = await SignedIn(AnnAtGitHub with { Email = null, EmailVerified = false });
        Assert.Null(before.Email);
        var after = await SignedIn(AnnAtGitHub);
        Assert.Equal((before.Id, "ann@example.com"), (after.Id, after.VerifiedEmail));
        Assert.IsType<EmailRegisteredWithOtherProvider>(await Refusal(registration.SignIn(AnnAtGoogle, default)));
    }

    [Fact]
    public async Task A_known_identity_signs_in_even_when_its_address_has_become_another_accounts()
    {
        var gitHub = await SignedIn(AnnAtGitHub with { Email = null, EmailVerified = false });
        await SignedIn(AnnAtGoogle);
        var again = await SignedIn(AnnAtGitHub);
        Assert.Equal((gitHub.Id, null), (again.Id, again.Email));
    }

    [Fact]
    public async Task A_linked_identity_signs_in_to_the_account()
    {
        var ann = await SignedIn(AnnAtGoogle);
        Assert.True((await registration.Link(AnnAtGitHub, ann.Id, default)).Succeeded(out var linked, out _));
        Assert.Equal(["google", "github"], linked.Identities.Select(i => i.Provider), StringComparer.Ordinal);
        Assert.Equal(ann.Id, (await SignedIn(AnnAtGitHub)).Id);
        Assert.True((await registration.Link(AnnAtGitHub, ann.Id, default)).Succeeded(out var again, out _));
        Assert.Equal(2, again.Identities.Count);
    }

    [Fact]
    public async Task The_address_of_a_linked_identity_is_registered_too()
    {
        var ann = await SignedIn(AnnAtGoogle);
        await registration.Link(AnnAtGitHub with { Email = "work@example.com" }, ann.Id, default);
        var refused = await Refusal(registration.SignIn(new ExternalIdentity("google", "g-2", null, "work@example.com", true), default));
        Assert.Equal(new EmailRegisteredWithOtherProvider("github", "google"), refused);
    }

    [Fact]
    public async Task An_identity_of_another_account_cannot_be_linked()
    {
        var ann = await SignedIn(AnnAtGoogle);
        var bob = new ExternalIdentity("github", "2002", "bob", "bob@example.com", true);
        await SignedIn(bob);
        Assert.Equal(new IdentityLinkedToOtherAccount("github"), await Refusal(registration.Link(bob, ann.Id, default)));
    }

    [Fact]
    public async Task An_identity_whose_address_is_another_accounts_cannot_be_linked()
    {
        var ann = await SignedIn(AnnAtGoogle);
        await SignedIn(new ExternalIdentity("google", "g-bob", "Bob", "bob@example.com", true));
        var bobAtGitHub = new ExternalIdentity("github", "2002", "bob", "bob@example.com", true);
        var refused = await Refusal(registration.Link(bobAtGitHub, ann.Id, default));
        Assert.Equal(new EmailRegisteredWithOtherProvider("google", "github"), refused);
    }

    [Theory, CombinatorialCrashes]
    public async Task A_sign_up_that_crashes_anywhere_is_completed_by_the_next_sign_in(int crashAt, bool afterwards)
    {
        var dying = Dying(store, crashAt, afterwards);
        await Assert.ThrowsAsync<CrashException>(() => dying.SignIn(AnnAtGoogle, default));

        var user = await SignedIn(AnnAtGoogle);
        Assert.Equal("ann@example.com", user.VerifiedEmail);
        Assert.NotNull(await store.OfAccount<Quota>(user.Id, Quota.DocumentId));
        Assert.NotNull(await store.OfAccount<Workspace>(user.Id, Workspace.DocumentId));
        Assert.IsType<EmailRegisteredWithOtherProvider>(await Refusal(registration.SignIn(AnnAtGitHub, default)));
    }

    [Theory, CombinatorialCrashes]
    public async Task A_linking_that_crashes_anywhere_is_completed_by_trying_again(int crashAt, bool afterwards)
    {
        var ann = await SignedIn(AnnAtGoogle);
        var work = AnnAtGitHub with { Email = "work@example.com" };
        var dying = Dying(store, crashAt, afterwards);
        await Assert.ThrowsAsync<CrashException>(() => dying.Link(work, ann.Id, default));

        Assert.True((await registration.Link(work, ann.Id, default)).Succeeded(out var linked, out _));
        Assert.Equal(2, linked.Identities.Count);
        Assert.Equal(ann.Id, (await SignedIn(work)).Id);
    }

    [Fact]
    public void Whatever_people_do_and_wherever_it_crashes_an_address_and_an_identity_have_one_account()
    {
        var identity = from provider in Gen.Elements("google", "github")
                       from subject in Gen.Elements("1", "2", "3")
                       from email in Gen.Elements<string?>("a@x.com", "b@x.com", "c@x.com", null)
                       from verified in Gen.Elements(true, true, false)
                       select new ExternalIdentity(provider, subject, null, email, verified);
        var step = from who in identity
                   from link in Gen.Elements(true, false)
                   from crashAt in Gen.Choose(0, 4)
                   from afterwards in Gen.Elements(true, false)
                   select new Step(who, link, crashAt, afterwards);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(step.ListOf(12).ToArbitrary(), KeepsTheRules));
    }

    /// <param name="CrashAt">The commit at which the process dies; 0 for never.</param>
    private sealed record Step(ExternalIdentity Who, bool Link, int CrashAt, bool Afterwards);

    private async Task KeepsTheRules(IList<Step> steps)
    {
        await using var own = new TemporaryDocumentStore(clock);
        var accounts = new HashSet<string>(StringComparer.Ordinal);
        var leadsTo = new Dictionary<IdentityKey, string>();
        foreach (var (who, link, crashAt, afterwards) in steps)
        {
            var at = Dying(own, crashAt, afterwards);
            try
            {
                var result = link && accounts.Count > 0 ? await at.Link(who, accounts.First(), default) : await at.SignIn(who, default);
                if (!result.Succeeded(out var user, out _))
                    continue;
                accounts.Add(user.Id);
                leadsTo.TryAdd(who.Key, user.Id);
                Assert.Equal(leadsTo[who.Key], user.Id);
                Assert.Contains(user.Identities, i => IdentityKey.Of(i.Provider, i.Subject) == who.Key);
            }
            catch (CrashException)
            {
                continue;
            }
        }
        var users = await Task.WhenAll(accounts.Select(id => own.OfAccount<User>(id, User.DocumentId)));
        Assert.All(users.Select(u => u!.VerifiedEmail).OfType<string>().CountBy(email => email), count => Assert.Equal(1, count.Value));
        Assert.All(users.SelectMany(u => u!.Identities).CountBy(i => (i.Provider, i.Subject)), count => Assert.Equal(1, count.Value));
    }

    /// <param name="crashAt">The commit at which the process dies; 0 for never.</param>
    private Registration Dying(TemporaryDocumentStore documents, int crashAt, bool afterwards)
    {
        var crash = new CrashPoint();
        if (crashAt > 0 && afterwards)
            crash.RightAfter(crashAt - 1);
        else if (crashAt > 0)
            crash.After(crashAt - 1);
        return new Registration(new CrashingDocumentStore(documents, crash), TestPlans.Product, clock);
    }

    private async Task<User> SignedIn(ExternalIdentity identity)
    {
        var result = await registration.SignIn(identity, default);
        return result.Succeeded(out var user, out var refusal) ? user : throw new Xunit.Sdk.XunitException($"Refused: {refusal}");
    }

    private static async Task<Refusal> Refusal(Task<Result<User>> attempt) =>
        (await attempt).Succeeded(out var user, out var refusal) ? throw new Xunit.Sdk.XunitException($"Not refused: {user}") : refusal;

    /// <summary>Both flows commit three or four times; the first three are common to them.</summary>
    private sealed class CombinatorialCrashesAttribute : Xunit.Sdk.DataAttribute
    {
        public override IEnumerable<object[]> GetData(System.Reflection.MethodInfo testMethod) =>
            Enumerable.Range(1, 3).SelectMany(crashAt => new object[][] { [crashAt, false], [crashAt, true] });
    }
}
