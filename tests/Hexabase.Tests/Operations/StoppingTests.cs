using Hexabase.Domain;
using Hexabase.Domain.Runs;
using Hexabase.Functions.Health;
using Hexabase.Tests.Runs;
using Hexabase.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hexabase.Tests.Operations;

/// <summary>What changes at the moment the app is told to stop.</summary>
public sealed class StoppingTests
{
    [Fact]
    public async Task It_is_not_ready_any_more_though_all_it_depends_on_answers()
    {
        await using var documents = new TemporaryDocumentStore();
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        var trigger = new ReadyTrigger(documents, new InMemoryBlobStore(), lifetime, NullLogger<ReadyTrigger>.Instance);
        Assert.Equal((200, "ready"), await Ask(trigger));
        lifetime.StopApplication();
        Assert.Equal((503, "stopping"), await Ask(trigger));
    }

    [Fact]
    public async Task Who_waits_for_a_change_is_answered_as_things_stand()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        using var stopping = new CancellationTokenSource();
        var handler = new GetRunHandler(area.Documents, new LongPoll(area.Clock, stopping.Token));
        var waiting = handler.Handle(new GetRun(id.ToString(), area.AccountId, TimeSpan.FromSeconds(60), KnownETag: null), default);
        area.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(waiting.IsCompleted);

        await stopping.CancelAsync();
        await Eventually.Holds(
            () =>
            {
                area.Clock.Advance(TimeSpan.FromMilliseconds(500));
                return waiting.IsCompleted;
            },
            "the answer comes");
        Assert.Equal(RunStatus.Queued, (await waiting).Value().Run.Status);
    }

    private static async Task<(int Status, string Said)> Ask(ReadyTrigger trigger)
    {
        var result = await trigger.Run(new DefaultHttpContext().Request, default);
        return (((IStatusCodeHttpResult)result).StatusCode!.Value, ((Readiness)((IValueHttpResult)result).Value!).Status);
    }
}
