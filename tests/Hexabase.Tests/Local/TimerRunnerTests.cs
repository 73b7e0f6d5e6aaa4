using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Hexabase.Local;
using Hexabase.Local.Functions;
using Hexabase.Local.Timers;
using Hexabase.Sqlite;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Local;

/// <summary>Point 5 of the checklist: six fields, IsPastDue, no overlap; time is the test's.</summary>
public sealed class TimerRunnerTests : IAsyncDisposable
{
    private const string EveryFiveMinutes = "0 */5 * * * *";
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 9, 32, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();
    private readonly ManualTimeProvider time = new(Start);
    private readonly RecordingApp app = new();
    private readonly LockedWriter said = new();
    private readonly SqliteDatabase database;

    public TimerRunnerTests() => database = SqliteDatabase.Open(folder.File("platform.db"), TimerStatuses.Schema);

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task It_runs_at_each_occurrence_and_tells_the_status_before_that_run()
    {
        await using var running = Begin();
        var first = await CallAt(minutes: 3);
        Assert.Equal(
            """{"timer":{"Schedule":{"AdjustForDST":true},"ScheduleStatus":{"Last":"0001-01-01T00:00:00+00:00","Next":"2026-01-15T09:35:00+00:00","LastUpdated":"0001-01-01T00:00:00+00:00"},"IsPastDue":false}}""",
            first.Text);
        first.Succeed();
        var second = await CallAt(minutes: 5);
        Assert.Equal(
            """{"timer":{"Schedule":{"AdjustForDST":true},"ScheduleStatus":{"Last":"2026-01-15T09:35:00+00:00","Next":"2026-01-15T09:40:00+00:00","LastUpdated":"2026-01-15T09:35:00+00:00"},"IsPastDue":false}}""",
            second.Text);
        second.Succeed();
    }

    [Fact]
    public async Task Nothing_runs_before_its_time()
    {
        await using var running = Begin();
        await Settle();
        time.Advance(TimeSpan.FromSeconds(179));
        await Settle();
        Assert.False(app.Calls.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task However_many_occurrences_were_missed_one_run_makes_up_for_them()
    {
        await using (Begin())
            (await CallAt(minutes: 3)).Succeed();
        time.Advance(TimeSpan.FromHours(7));
        await using var again = Begin();
        var call = await app.Calls.Reader.ReadAsync();
        Assert.True(call.IsPastDue);
        Assert.Equal("2026-01-15T09:40:00+00:00", call.Status!.Value.GetProperty("Next").GetString());
        call.Succeed();
        var next = await CallAt(minutes: 5);
        Assert.False(next.IsPastDue);
        next.Succeed();
    }

    [Fact]
    public async Task A_new_timer_that_missed_its_first_occurrence_catches_up_too()
    {
        await using (Begin())
            await Settle();
        time.Advance(TimeSpan.FromHours(1));
        await using var again = Begin();
        var call = await app.Calls.Reader.ReadAsync();
        Assert.True(call.IsPastDue);
        call.Succeed();
    }

    [Fact]
    public async Task A_start_within_the_period_runs_nothing()
    {
        await using (Begin())
            (await CallAt(minutes: 3)).Succeed();
        await using var again = Begin();
        await Settle();
        Assert.False(app.Calls.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task A_changed_schedule_begins_anew_instead_of_catching_up()
    {
        await using (Begin())
            (await CallAt(minutes: 3)).Succeed();
        time.Advance(TimeSpan.FromHours(1));
        await using var changed = Begin(schedule: "0 0 * * * *");
        await Settle();
        Assert.False(app.Calls.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task Runs_never_overlap_and_one_that_outlasts_the_next_occurrence_is_followed_by_one_at_once()
    {
        await using var running = Begin();
        var slow = await CallAt(minutes: 3);
        time.Advance(TimeSpan.FromMinutes(12)); // past 09:40 and 09:45
        await Settle();
        Assert.False(app.Calls.Reader.TryPeek(out _));
        slow.Succeed();
        var following = await app.Calls.Reader.ReadAsync();
        Assert.False(following.IsPastDue);
        following.Succeed();
        await Settle();
        Assert.False(app.Calls.Reader.TryPeek(out _));
        (await CallAt(minutes: 3)).Succeed(); // 09:50, computed from 09:47
    }

    [Fact]
    public async Task A_failed_run_is_reported_and_not_repeated_and_the_schedule_goes_on()
    {
        await using var running = Begin();
        (await CallAt(minutes: 3)).Fail("no luck");
        await Settle();
        Assert.False(app.Calls.Reader.TryPeek(out _));
        Assert.Contains("The timer Tick failed: no luck", said.ToString(), StringComparison.Ordinal);
        (await CallAt(minutes: 5)).Succeed();
    }

    [Fact]
    public async Task A_run_cut_short_by_the_end_of_the_platform_is_made_up_for()
    {
        await using (Begin())
            await CallAt(minutes: 3); // never answered
        time.Advance(TimeSpan.FromSeconds(1));
        await using var again = Begin();
        var call = await app.Calls.Reader.ReadAsync();
        Assert.True(call.IsPastDue);
        call.Succeed();
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_waited_for()
    {
        await database.Write(s => s.Execute("drop table timers"));
        await using var running = Begin();
        await Eventually.Holds(() => said.ToString().Contains("The timer Tick waits for the store", StringComparison.Ordinal), "it says so");
        await database.Write(s => s.Execute(TimerStatuses.Schema));
        (await CallAt(minutes: 3)).Succeed();
    }

    [Fact]
    public async Task With_runOnStartup_it_runs_at_each_start()
    {
        for (var start = 0; start < 2; start++)
        {
            await using var running = Begin(runOnStartup: true);
            var call = await app.Calls.Reader.ReadAsync();
            Assert.False(call.IsPastDue);
            call.Succeed();
        }
    }

    [Fact]
    public async Task Without_a_monitor_there_is_no_status_and_nothing_is_made_up_for()
    {
        await using (Begin(monitored: false))
        {
            var call = await CallAt(minutes: 3);
            Assert.Null(call.Status);
            call.Succeed();
        }
        time.Advance(TimeSpan.FromHours(1));
        await using var again = Begin(monitored: false);
        await Settle();
        Assert.False(app.Calls.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task A_run_asked_for_leaves_the_schedule_as_it_is()
    {
        await using var running = Begin();
        await Settle();
        var asked = running.Runner.RunNow(CancellationToken.None);
        (await app.Calls.Reader.ReadAsync()).Succeed();
        await asked;
        (await CallAt(minutes: 3)).Succeed();
    }

    private Running Begin(string schedule = EveryFiveMinutes, bool runOnStartup = false, bool monitored = true) => new(new TimerRunner(
        new TimerFunction("Tick", "timer", TimerSchedule.Parse(schedule), runOnStartup, monitored),
        app,
        new TimerStatuses(database),
        new PlatformConsole(said, said),
        time), Settle);

    private async Task<Call> CallAt(int minutes)
    {
        await Settle();
        for (var minute = 0; minute < minutes; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            if (minute < minutes - 1)
                await Settle();
        }
        return await app.Calls.Reader.ReadAsync();
    }

    /// <summary>Until the runner sleeps, or waits for the answer to a call.</summary>
    private Task Settle() => Eventually.Holds(() => time.PendingTimers > 0 || app.InCall, "the runner waits");

    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Func<Task> settle;
        private readonly Task run;

        public Running(TimerRunner runner, Func<Task> settle)
        {
            (Runner, this.settle) = (runner, settle);
            run = Task.Run(() => runner.Run(stop.Token));
        }

        public TimerRunner Runner { get; }

        public async ValueTask DisposeAsync()
        {
            await settle();
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
            Runner.Dispose();
            stop.Dispose();
        }
    }

    private sealed record Call(string Text, TaskCompletionSource<InvocationResult> Answer)
    {
        private JsonElement Timer => JsonDocument.Parse(Text).RootElement.GetProperty("timer");

        public bool IsPastDue => Timer.GetProperty(nameof(IsPastDue)).GetBoolean();

        public JsonElement? Status => Timer.GetProperty("ScheduleStatus") is { ValueKind: JsonValueKind.Object } status ? status : null;

        public void Succeed() => Answer.SetResult(default);

        public void Fail(string error) => Answer.SetResult(new InvocationResult(error));
    }

    private sealed class RecordingApp : IFunctionApp
    {
        private volatile Call? current;

        public Channel<Call> Calls { get; } = Channel.CreateUnbounded<Call>();

        /// <summary>A call waits for its answer.</summary>
        public bool InCall => current is { Answer.Task.IsCompleted: false };

        public IReadOnlyList<FunctionDefinition> Functions => [];

        public bool IsReady => true;

        public ValueTask WhenReady(CancellationToken ct) => ValueTask.CompletedTask;

        public async Task<InvocationResult> Invoke(string function, Action<Utf8JsonWriter> data, Action<Utf8JsonWriter> metadata, CancellationToken ct)
        {
            using var memory = new MemoryStream();
            await using (var json = new Utf8JsonWriter(memory, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                json.WriteStartObject();
                data(json);
                json.WriteEndObject();
            }
            var call = new Call(Encoding.UTF8.GetString(memory.ToArray()), new(TaskCreationOptions.RunContinuationsAsynchronously));
            current = call;
            await Calls.Writer.WriteAsync(call, ct);
            return await call.Answer.Task.WaitAsync(ct);
        }
    }
}
