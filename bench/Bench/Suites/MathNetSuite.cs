using BenchmarkDotNet.Attributes;
using MathNet.Numerics.LinearAlgebra;
using VemKernels.Bench.Cases;
using MathNetMatrix = MathNet.Numerics.LinearAlgebra.Matrix<double>;

namespace VemKernels.Bench.Suites;

/// <summary>Ours beside MathNet.Numerics, in double, at sizes that its managed code does in reasonable time.</summary>
public class MathNetSuite : CaseSuite
{
    private MathNetMatrix? _A;
    private MathNetMatrix? _B;

    /// <inheritdoc/>
    public override IEnumerable<string> Cases =>
    [
        Level3Cases.Gemm<double>(512, 512, 512).Name,
        Level3Cases.Gemm<double>(1024, 1024, 1024).Name,
        FactorisationCases.Cholesky<double>(1200).Name,
        FactorisationCases.Inverse<double>(1200).Name,
        FactorisationCases.SymmetricEigen<double>(300).Name,
        FactorisationCases.ThinSvd<double>(300, 300).Name,
    ];

    /// <summary>MathNet.Numerics with its managed provider.</summary>
    [Benchmark]
    public object MathNet() => CaseCatalog.Find(Name).Operation switch
    {
        "gemm" => _A!.Multiply(_B!),
        "cholesky" => _A!.Cholesky(),
        "inverse" => _A!.Cholesky().Solve(_B!),
        "eigh" => _A!.Evd(Symmetricity.Symmetric),
        "svd" => _A!.Svd(computeVectors: true),
        string operation => throw new NotSupportedException(operation),
    };

    /// <inheritdoc/>
    protected override void PreparePeer()
    {
        Case item = CaseCatalog.Find(Name);
        _A = MathNetInput("A");
        _B = item.Inputs.ContainsKey("B") ? MathNetInput("B") : MathNetMatrix.Build.DenseIdentity(_A.RowCount);
    }
}
