using BenchmarkDotNet.Attributes;
using VemKernels.Bench.Cases;
using VemKernels.Bench.Modes;
using VemKernels.Simd;
using MathNetMatrix = MathNet.Numerics.LinearAlgebra.Matrix<double>;

namespace VemKernels.Bench.Suites;

/// <summary>The cases of a group as benchmarks.</summary>
#pragma warning disable CA1001 // BenchmarkDotNet calls the clean-up; it owns the life of a suite.
public abstract class CaseSuite
#pragma warning restore CA1001
{
    private TemporaryFolder? _folder;
    private SimdBackend? _backend;
    private CaseMemory? _memory;
    private PreparedCase? _prepared;

    /// <summary>Names of the cases.</summary>
    public abstract IEnumerable<string> Cases { get; }

    /// <summary>The case that runs.</summary>
    [ParamsSource(nameof(Cases))]
    public string Name { get; set; } = string.Empty;

    /// <summary>Writes and reads the inputs.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        _folder = new TemporaryFolder();
        _backend = new SimdBackend();
        _memory = new CaseMemory(_backend, _folder.Inputs);
        _prepared = CaseCatalog.Find(Name).Prepare(_memory);
        PreparePeer();
    }

    /// <summary>Restores what a run overwrote.</summary>
    [IterationSetup]
    public void Reset() => _prepared!.Reset();

    /// <summary>Frees all.</summary>
    [GlobalCleanup]
    public void Clean()
    {
        _memory?.Dispose();
        _backend?.Dispose();
        _folder?.Dispose();
    }

    /// <summary>Ours.</summary>
    [Benchmark(Baseline = true)]
    public void VemKernels() => _prepared!.Run();

    /// <summary>Reads the inputs of a peer, if the suite has one.</summary>
    protected virtual void PreparePeer()
    {
    }

    /// <summary>Names of a group's cases.</summary>
    private protected static IEnumerable<string> NamesOf(CaseGroup group) =>
        CaseCatalog.All.Where(item => item.Group == group).Select(item => item.Name);

    /// <summary>An input of the case as a MathNet matrix of doubles.</summary>
    private protected MathNetMatrix MathNetInput(string input)
    {
        MatrixView<double> view = _memory!.Load<double>(CaseCatalog.Find(Name).Inputs[input]).Host;
        return MathNetMatrix.Build.Dense((int)view.Rows, (int)view.Columns, (i, j) => view[i, j]);
    }
}
