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

/// <summary>
/// Tests that share one platform run one after the other. Those that kill or save a platform of their own are in no collection: they wait for
/// the processor most of the time they do not wait for a process to start, and run beside these.
/// </summary>
[CollectionDefinition(Name)]
public sealed class PlatformCollection : ICollectionFixture<PlatformFixture>
{
    public const string Name = "platform";
}

/// <summary>Tests on what comes first, or soon enough: they run when all others are done, one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class QuietCollection : ICollectionFixture<PlatformFixture>
{
    public const string Name = "quiet";
}
