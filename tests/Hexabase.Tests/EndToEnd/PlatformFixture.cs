using Hexabase.Tests.EndToEnd.Workspaces;

namespace Hexabase.Tests.EndToEnd;

/// <summary>One running platform for all tests that do not kill it.</summary>
public class PlatformFixture : IAsyncLifetime
{
    public PlatformProcess Platform { get; protected set; } = null!;

    public virtual async Task InitializeAsync() => Platform = await PlatformProcess.Start(settings: QuickChanges.Settings);

    public async Task DisposeAsync() => await Platform.DisposeAsync();

    public Visitor NewVisitor() => new(Platform);

    /// <summary>A visitor who has signed in under a name nobody has used.</summary>
    public async Task<Visitor> SignedIn(string name)
    {
        var visitor = NewVisitor();
        await visitor.SignIn($"{name}-{Guid.NewGuid():N}@example.com");
        return visitor;
    }

    public Task<Visitor> Operator() => Visitor.Operator(Platform);
}

/// <summary>Tests on the whole platform run one after the other: each keeps the machine busy enough.</summary>
[CollectionDefinition(Name)]
public sealed class PlatformCollection : ICollectionFixture<PlatformFixture>
{
    public const string Name = "platform";
}
