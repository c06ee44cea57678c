namespace VemKernels.Interop;

/// <summary>The defaults of the options, as the header states them: those of the solvers' own option records.</summary>
internal static unsafe class Defaults
{
    public static VemRidgeOptions Ridge => new() { Size = sizeof(VemRidgeOptions), CheckFinite = 1 };

    public static VemRandomSearchOptions RandomSearch => new()
    {
        Size = sizeof(VemRandomSearchOptions), Seed = -1, RedundantAlphaTolerance = double.NaN, LocalAlpha = 1,
        ShareCandidate = -1, CheckFinite = 1,
    };

    public static VemKernelRidgeOptions KernelRidge => new()
    {
        Size = sizeof(VemKernelRidgeOptions), Tolerance = double.NaN, MaxIterations = -1, CheckFinite = 1,
    };

    public static VemWeightedKernelRidgeOptions WeightedKernelRidge => new()
    {
        Size = sizeof(VemWeightedKernelRidgeOptions), Tolerance = double.NaN, MaxIterations = -1, CheckFinite = 1,
    };

    public static VemHyperGradientOptions HyperGradient => new()
    {
        Size = sizeof(VemHyperGradientOptions), Tolerance = 1e-2, Seed = -1, MaxIterations = 10,
        MaxInnerDualIterations = 1, MaxInnerHyperIterations = 1, CheckFinite = 1,
    };

    public static VemSparseGroupLassoOptions SparseGroupLasso => new()
    {
        Size = sizeof(VemSparseGroupLassoOptions), Tolerance = 1e-4, Lipschitz = double.NaN, MaxIterations = 300,
        Momentum = 1, Score = (int)ScoreKind.R2, CheckFinite = 1,
    };

    public static VemKernelParameters KernelParameters => new()
    {
        Size = sizeof(VemKernelParameters), Gamma = double.NaN, Coef0 = 1, Degree = 3, CheckFinite = 1,
    };
}
