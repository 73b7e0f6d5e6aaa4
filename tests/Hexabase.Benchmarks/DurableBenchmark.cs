using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Hexabase.Local;
using Hexabase.Local.Durable;
using Hexabase.Sqlite;
using Hexabase.Worker.Generation;
using Microsoft.Extensions.DependencyInjection;

namespace Hexabase.Benchmarks;

/// <summary>
/// The durable engine of the local platform with an app process, over the wire: work items a second, which are turns of orchestrations
/// and activities together, with one orchestration of five activities in flight and with many; and how long one activity takes.
/// </summary>
internal static class DurableBenchmark
{
    private const int Activities = 5;
    private const int Turns = Activities + 1;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    /// <param name="instances">How many are in flight at the same time.</param>
    /// <param name="parallel">Activities, and turns, at the same time; null for the platform's default.</param>
    public static async Task Measure(int instances, int? parallel)
    {
        var folder = Directory.CreateTempSubdirectory("hexabase-durable-").FullName;
        try
        {
            await Measure(folder, instances, parallel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Measure(string folder, int instances, int? parallel)
    {
        await MeasureCommits(folder);
        var app = Path.Combine(folder, "app");
        WriteApp(app, parallel);
        var options = new LocalOptions { Port = 0, AppFolder = app, DataFolder = Path.Combine(folder, "data"), Companions = false };
        var console = new PlatformConsole(TextWriter.Synchronized(TextWriter.Null), Console.Error);
        await using var platform = await LocalPlatform.Start(options, console, TimeProvider.System, CancellationToken.None);
        await platform.WhenUp(CancellationToken.None);
        using var run = new Run(platform);

        await run.OneByOne(rounds: 200); // warms up
        await run.OneByOne(rounds: 500);
        await run.Latency(activities: 200);
        await run.ManyAtOnce(instances / 10); // warms up
        await run.ManyAtOnce(instances);
    }

    private static void WriteApp(string folder, int? parallel)
    {
        Directory.CreateDirectory(folder);
        FunctionGenerator.TryRun(["--generate-functions", folder], [typeof(DurableBenchmark).Assembly], out _);
        var limits = parallel is { } n ? $$""" "maxConcurrentActivityFunctions": {{n}}, "maxConcurrentOrchestratorFunctions": {{n}} """ : "";
        File.WriteAllText(Path.Combine(folder, "host.json"), $$"""
            {
              "version": "2.0",
              "extensions": { "durableTask": { {{limits}} } },
              "customHandler": {
                "description": { "defaultExecutablePath": "{{Environment.ProcessPath}}", "arguments": ["{{DurableSteps.Command}}"] },
                "enableProxyingHttpRequest": true
              }
            }
            """);
    }

    /// <summary>What the disk allows: one small commit after the other, as each step of a single orchestration needs.</summary>
    private static async Task MeasureCommits(string folder)
    {
        await using var database = SqliteDatabase.Open(Path.Combine(folder, "commits.db"), "create table if not exists t (id integer primary key, v blob)");
        var times = new List<double>();
        for (var i = 0; i < 500; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await database.Write(s => s.Execute("insert into t (v) values ($1)", new byte[200]));
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        Say($"one commit of 200 bytes: {Percentiles(times)}");
    }

    private static string Percentiles(List<double> milliseconds)
    {
        milliseconds.Sort();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"p50 {milliseconds[milliseconds.Count / 2]:0.00} ms, p95 {milliseconds[milliseconds.Count * 95 / 100]:0.00} ms, p99 {milliseconds[milliseconds.Count * 99 / 100]:0.00} ms");
    }

    private static void Say(string line) => Console.WriteLine(line);

    private sealed class Run(LocalPlatform platform) : IDisposable
    {
        private readonly InstanceQueries instances = platform.Services.GetRequiredService<InstanceQueries>();
        private readonly string code = platform.Services.GetRequiredService<DurableSettings>().Code;
        private readonly HttpClient http = new() { BaseAddress = new Uri(platform.Address, "/runtime/webhooks/durabletask/") };

        public async Task OneByOne(int rounds)
        {
            var start = Stopwatch.GetTimestamp();
            await Start("one", new StepsInput(Activities, rounds));
            await End("one", Activities);
            Report("1 in flight", rounds * (Activities + Turns), start);
        }

        /// <summary>The time from the end of one activity to the end of the next: a turn, a commit, an activity, a commit.</summary>
        public async Task Latency(int activities)
        {
            await Start("latency", new StepsInput(activities));
            var ends = instances.History(await End("latency", activities)).Where(e => e.TaskCompleted is not null).Select(e => e.Timestamp.ToDateTime()).ToList();
            Say($"activity to activity: {Percentiles([.. ends.Skip(1).Zip(ends, (later, earlier) => (later - earlier).TotalMilliseconds)])}");
        }

        /// <summary>All are started before, and begin at the same time.</summary>
        public async Task ManyAtOnce(int count)
        {
            var start = Stopwatch.GetTimestamp();
            var at = DateTime.UtcNow.AddSeconds(5 + (count / 400d));
            await Parallel.ForEachAsync(
                Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) => await Start($"many-{count}-{i}", new StepsInput(Activities, At: at)));
            Say(string.Create(CultureInfo.InvariantCulture, $"{count} started by HTTP: {count / Stopwatch.GetElapsedTime(start).TotalSeconds:0}/s"));
            if (at > DateTime.UtcNow)
                await Task.Delay(at - DateTime.UtcNow);
            start = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++)
                await End($"many-{count}-{i}", Activities);
            Report($"{count} in flight", count * (Activities + Turns), start);
        }

        public void Dispose() => http.Dispose();

        private static void Report(string what, int workItems, long start)
        {
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Say(string.Create(CultureInfo.InvariantCulture, $"{what}: {workItems / seconds:0} work items/s ({workItems} in {seconds:0.0} s)"));
        }

        private async Task Start(string id, StepsInput input)
        {
            using var answer = await http.PostAsync(new Uri($"orchestrators/Steps/{id}?code={Uri.EscapeDataString(code)}", UriKind.Relative), JsonContent.Create(input, options: JsonSerializerOptions.Default));
            answer.EnsureSuccessStatusCode();
        }

        /// <param name="output">What shows that it did all that it was to do.</param>
        private async Task<InstanceView> End(string id, int output)
        {
            while (true)
            {
                var instance = instances.Find(id)!;
                if (instance.IsFinished)
                    return instance.Output == output.ToString(CultureInfo.InvariantCulture)
                        ? instance
                        : throw new InvalidOperationException($"{id} ended as {instance.Status}: {instance.Output}");
                await Task.Delay(Poll);
            }
        }
    }
}
