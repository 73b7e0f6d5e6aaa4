using FsCheck;
using FsCheck.Fluent;
using Hexabase.Tests.Support.Durable;
using Hexabase.Worker.Durable;

namespace Hexabase.Tests.Durable;

/// <summary>An orchestration as data: what it does, and by a model what must come out of it, in whatever order things happen.</summary>
/// <param name="Rounds">How many executions it takes, each continuing as the next.</param>
internal sealed record ReplayProgram(IReadOnlyList<ProgramStep> Steps, int Rounds)
{
    public const int MostAttempts = 3;

    private static readonly RetryPolicy Retry = new(MostAttempts, TimeSpan.FromSeconds(5), backoffCoefficient: 2);

    private static readonly Gen<ProgramStep> Leaf = Gen.OneOf(
        Gen.Constant(new ProgramStep(StepKind.Activity)),
        Gen.Choose(1, MostAttempts).Select(failures => new ProgramStep(StepKind.FailingActivity, failures)),
        Gen.Choose(0, 10 * 24 * 60).Select(minutes => new ProgramStep(StepKind.Timer, minutes)),
        Gen.Elements(StepKind.EventAwaited, StepKind.EventEarly, StepKind.EventInTime, StepKind.EventNever, StepKind.EventToItself, StepKind.CancelledTimer)
            .Select(kind => new ProgramStep(kind)));

    public static Arbitrary<ReplayProgram> Any { get; } = Arb.From(
        from steps in Sequence(depth: 2)
        from rounds in Gen.Choose(1, 3)
        select new ReplayProgram(steps, rounds), Shrink);

    /// <summary>What the orchestration returns.</summary>
    public IReadOnlyList<string> Outcome(string id) => [.. Enumerable.Range(0, Rounds).SelectMany(round => Outcome($"{id}-{round}", Steps))];

    /// <summary>The keys of the activities' effects.</summary>
    public IReadOnlyList<string> Effects(string id) => [.. Enumerable.Range(0, Rounds).SelectMany(round => Effects($"{id}-{round}", Steps))];

    public override string ToString() => $"{Rounds} × [{string.Join(", ", Steps)}]";

    /// <summary>Registers the orchestration that interprets programs, and what it needs.</summary>
    public static ProgramEffects Register(OrchestrationHost host)
    {
        var effects = new ProgramEffects();
        host.AddOrchestrator<ProgramRun, IReadOnlyList<string>>("Program", Run)
            .AddActivity<EffectInput, string>("Effect", effects.Do)
            .AddActivity<EventRequest, bool>("Ask", asked => host.Post(
                asked.InstanceId, new() { EventRaised = new() { Name = asked.Name.ToUpperInvariant(), Input = $"\"payload of {asked.Name}\"" } }));
        return effects;
    }

    public ProgramRun ToInput() => new(Steps, Rounds, Round: 0, Outcome: []);

    private static async Task<IReadOnlyList<string>> Run(TaskOrchestrationContext context, ProgramRun run)
    {
        context.SetCustomStatus(run.Round);
        IReadOnlyList<string> outcome = [.. run.Outcome, .. await Run(context, $"{context.InstanceId}-{run.Round}", run.Steps)];
        if (run.Round + 1 < run.Rounds)
            context.ContinueAsNew(run with { Round = run.Round + 1, Outcome = outcome });
        return outcome;
    }

    private static async Task<IReadOnlyList<string>> Run(TaskOrchestrationContext context, string path, IReadOnlyList<ProgramStep> steps)
    {
        List<string> outcome = [];
        for (var i = 0; i < steps.Count; i++)
            outcome.AddRange(await Run(context, $"{path}-{i}", steps[i]));
        return outcome;
    }

    private static async Task<IReadOnlyList<string>> Run(TaskOrchestrationContext context, string path, ProgramStep step)
    {
        switch (step.Kind)
        {
            case StepKind.Activity:
            case StepKind.FailingActivity:
                try
                {
                    return [await context.CallActivityAsync<string>(
                        "Effect", new EffectInput(path, context.NewGuid(), step.Number), TaskOptions.FromRetryPolicy(Retry))];
                }
                catch (TaskFailedException e)
                {
                    return [e.FailureDetails.ErrorMessage];
                }
            case StepKind.Timer:
                await context.CreateTimer(TimeSpan.FromMinutes(step.Number), CancellationToken.None).ConfigureAwait(false);
                return ["waited"];
            case StepKind.CancelledTimer:
                using (var unneeded = new CancellationTokenSource())
                {
                    var timer = context.CreateTimer(TimeSpan.FromDays(9), unneeded.Token);
                    await context.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);
#pragma warning disable CA1849, MA0042 // Cancelling goes on where it is asked for.
                    unneeded.Cancel();
#pragma warning restore CA1849, MA0042
                    return [timer.IsCanceled ? "cancelled" : "not cancelled"];
                }
            case StepKind.EventAwaited:
                var awaited = context.WaitForExternalEvent<string>(path);
                await Ask(context, path);
                return [await awaited];
            case StepKind.EventEarly:
                await Ask(context, path);
                return [await context.WaitForExternalEvent<string>(path)];
            case StepKind.EventInTime:
                var inTime = context.WaitForExternalEvent<string>(path, TimeSpan.FromDays(5));
                await Ask(context, path).ConfigureAwait(false);
                return [await inTime];
            case StepKind.EventNever:
                try
                {
                    return [await context.WaitForExternalEvent<string>(path, TimeSpan.FromDays(5))];
                }
                catch (TaskCanceledException)
                {
                    return ["never came"];
                }
            case StepKind.EventToItself:
                context.SendEvent(context.InstanceId, path, $"payload of {path}");
                return [await context.WaitForExternalEvent<string>(path)];
            case StepKind.Child:
                return await context.CallSubOrchestratorAsync<IReadOnlyList<string>>(
                    "Program", new ReplayProgram(step.Children, Rounds: 1).ToInput(), new TaskOptions().WithInstanceId(path));
            case StepKind.All:
                return [.. (await Task.WhenAll(step.Children.Select((child, i) => Run(context, $"{path}-{i}", child)))).SelectMany(o => o)];
            default:
                throw new InvalidOperationException($"{step}");
        }
    }

    private static Task Ask(TaskOrchestrationContext context, string name) =>
        context.CallActivityAsync("Ask", new EventRequest(context.InstanceId, name));

    private static IEnumerable<string> Outcome(string path, IReadOnlyList<ProgramStep> steps) =>
        steps.SelectMany((step, i) => Outcome($"{path}-{i}", step));

    private static IEnumerable<string> Outcome(string path, ProgramStep step) => step.Kind switch
    {
        StepKind.Activity => [$"did {path}"],
        StepKind.FailingActivity => [step.Number < MostAttempts ? $"did {path}" : $"failed {path}"],
        StepKind.Timer => ["waited"],
        StepKind.CancelledTimer => ["cancelled"],
        StepKind.EventNever => ["never came"],
        StepKind.Child => Outcome($"{path}-0", step.Children),
        StepKind.All => Outcome(path, step.Children),
        _ => [$"payload of {path}"],
    };

    private static IEnumerable<string> Effects(string path, IReadOnlyList<ProgramStep> steps) =>
        steps.SelectMany((step, i) => Effects($"{path}-{i}", step));

    private static IEnumerable<string> Effects(string path, ProgramStep step) => step.Kind switch
    {
        StepKind.Activity => [path],
        StepKind.FailingActivity => step.Number < MostAttempts ? [path] : [],
        StepKind.Child => Effects($"{path}-0", step.Children),
        StepKind.All => Effects(path, step.Children),
        _ => [],
    };

    private static Gen<IReadOnlyList<ProgramStep>> Sequence(int depth) =>
        from count in Gen.Choose(0, 3)
        from steps in Gen.ListOf(Step(depth), count)
        select (IReadOnlyList<ProgramStep>)[.. steps];

    private static Gen<ProgramStep> Step(int depth) => depth == 0 ? Leaf : Gen.Frequency(
        (5, Leaf),
        (1, Sequence(depth - 1).Select(steps => new ProgramStep(StepKind.Child) { Children = steps })),
        (2, Sequence(depth - 1).Select(steps => new ProgramStep(StepKind.All) { Children = steps })));

    private static IEnumerable<ReplayProgram> Shrink(ReplayProgram program)
    {
        if (program.Rounds > 1)
            yield return program with { Rounds = 1 };
        for (var i = 0; i < program.Steps.Count; i++)
            yield return program with { Steps = [.. program.Steps.Where((_, at) => at != i)] };
    }
}

internal enum StepKind
{
    Activity,
    FailingActivity,
    Timer,
    CancelledTimer,
    EventAwaited,
    EventEarly,
    EventInTime,
    EventNever,
    EventToItself,
    Child,
    All,
}

/// <param name="Number">Minutes of a timer; how many times an activity fails.</param>
internal sealed record ProgramStep(StepKind Kind, int Number = 0)
{
    public IReadOnlyList<ProgramStep> Children { get; init; } = [];

    public override string ToString() => Kind switch
    {
        StepKind.Child or StepKind.All => $"{Kind}({string.Join(", ", Children)})",
        StepKind.Timer or StepKind.FailingActivity => $"{Kind}({Number})",
        _ => $"{Kind}",
    };
}

/// <summary>Input of the orchestration.</summary>
internal sealed record ProgramRun(IReadOnlyList<ProgramStep> Steps, int Rounds, int Round, IReadOnlyList<string> Outcome);

/// <param name="Id">Drawn by the orchestration: another at a replay would be another effect.</param>
/// <param name="Failures">How many times it fails before it succeeds.</param>
internal sealed record EffectInput(string Key, Guid Id, int Failures);

internal sealed record EventRequest(string InstanceId, string Name);

/// <summary>What the activities of a program have done to the world.</summary>
internal sealed class ProgramEffects
{
    private readonly Dictionary<string, int> attempts = new(StringComparer.Ordinal);

    /// <summary>The keys that effects came with, as kept by whoever does the effect of a key once.</summary>
    public HashSet<(string Key, Guid Id)> Applied { get; } = [];

    public string Do(EffectInput input)
    {
        attempts[input.Key] = attempts.GetValueOrDefault(input.Key) + 1;
        if (input.Failures == ReplayProgram.MostAttempts || attempts[input.Key] <= input.Failures)
            throw new InvalidOperationException($"failed {input.Key}");
        Applied.Add((input.Key, input.Id));
        return $"did {input.Key}";
    }
}
