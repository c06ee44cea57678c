using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace VemKernels.Bench.Suites;

/// <summary>How BenchmarkDotNet measures here.</summary>
internal static class SuiteConfig
{
    private const int Warmups = 2;
    private const int Iterations = 7;

    /// <summary>
    /// One run an iteration, since factorisations overwrite what they are given; in this process, since
    /// BenchmarkDotNet's own projects would be built under this repository's settings; with a memory column.
    /// </summary>
    public static IConfig Create() => AddTo(ManualConfig.Create(DefaultConfig.Instance));

    /// <summary>Adds that to a configuration.</summary>
    public static ManualConfig AddTo(ManualConfig config) => config
        .AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithInvocationCount(1)
            .WithUnrollFactor(1)
            .WithWarmupCount(Warmups)
            .WithIterationCount(Iterations))
        .AddDiagnoser(MemoryDiagnoser.Default);
}
