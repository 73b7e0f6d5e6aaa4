using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Hexabase.Benchmarks;

switch (args)
{
    case ["write-candles", var path, var bars]:
        AgainstC.WriteCandles(path, int.Parse(bars, CultureInfo.InvariantCulture));
        return;
    case ["measure", var bars, var repetitions]:
        AgainstC.Measure(int.Parse(bars, CultureInfo.InvariantCulture), int.Parse(repetitions, CultureInfo.InvariantCulture));
        return;
    case [DurableSteps.Command]:
        Environment.ExitCode = await DurableSteps.Run();
        return;
    case ["durable", var instances]:
        await DurableBenchmark.Measure(int.Parse(instances, CultureInfo.InvariantCulture), parallel: null);
        return;
    case ["durable", var instances, var parallel]:
        await DurableBenchmark.Measure(int.Parse(instances, CultureInfo.InvariantCulture), int.Parse(parallel, CultureInfo.InvariantCulture));
        return;
}

// dotnet run -c Release --project tests/Hexabase.Benchmarks -- --filter '*Indicator*'
var config = ManualConfig.CreateEmpty()
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(7))
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddLogger(ConsoleLogger.Default);
BenchmarkSwitcher.FromAssembly(typeof(DurableBenchmark).Assembly).Run(args, config);
