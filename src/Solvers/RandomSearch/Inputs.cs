using System.Numerics;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>What is regressed on: features by space, or kernels (with or without the features behind them).</summary>
internal sealed class Inputs<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How far a kernel may be from symmetric, relative to its largest entry: some roundings of T.</summary>
    private static double SymmetryTolerance => 64 * Precision.Epsilon<T>();

    private Inputs(IReadOnlyList<MatrixView<T>>? kernels, IReadOnlyList<MatrixView<T>>? features)
    {
        KernelViews = kernels;
        FeatureViews = features;
        IReadOnlyList<MatrixView<T>> first = kernels ?? features!;
        if (first.Count == 0)
        {
            throw new ArgumentException($"No {(kernels is null ? "feature space" : "kernel")} was given.", kernels is null ? "features" : "kernels");
        }

        Spaces = first.Count;
        Samples = first[0].Rows;
    }

    public IReadOnlyList<MatrixView<T>>? KernelViews { get; }

    public IReadOnlyList<MatrixView<T>>? FeatureViews { get; }

    public int Spaces { get; }

    public nint Samples { get; }

    /// <summary>Features of all spaces together; 0 where only kernels were given.</summary>
    public nint TotalFeatures => FeatureViews?.Aggregate((nint)0, (sum, view) => sum + view.Columns) ?? 0;

    public static Inputs<T> Features(IReadOnlyList<MatrixView<T>> features)
    {
        Inputs<T> inputs = new(null, features);
        inputs.CheckFeatures(nameof(features));
        return inputs;
    }

    public static Inputs<T> Kernels(IReadOnlyList<MatrixView<T>> kernels, IReadOnlyList<MatrixView<T>>? features)
    {
        Inputs<T> inputs = new(kernels, features);
        for (int i = 0; i < kernels.Count; i++)
        {
            string name = $"kernels[{i}]";
            Shapes.Require(kernels[i], inputs.Samples, inputs.Samples, name);
            RequireSymmetric(kernels[i], name);
        }

        if (features is not null)
        {
            if (features.Count != kernels.Count)
            {
                throw new ArgumentException($"{features.Count} feature spaces for {kernels.Count} kernels.", nameof(features));
            }

            inputs.CheckFeatures(nameof(features));
        }

        return inputs;
    }

    private void CheckFeatures(string name)
    {
        for (int i = 0; i < FeatureViews!.Count; i++)
        {
            MatrixView<T> view = FeatureViews[i];
            if (view.Columns == 0)
            {
                throw new ArgumentException($"{name}[{i}] has no feature.", name);
            }

            if (view.Rows != Samples)
            {
                throw new ArgumentException($"{name}[{i}] has {view.Rows} samples; {name}[0] or the kernels have {Samples}.", name);
            }
        }
    }

    internal static void RequireSymmetric(MatrixView<T> K, string name)
    {
        double largest = 0;
        double worst = 0;
        nint worstRow = 0;
        nint worstColumn = 0;
        for (nint i = 0; i < K.Rows; i++)
        {
            for (nint j = 0; j <= i; j++)
            {
                double a = double.CreateTruncating(K[i, j]);
                double b = double.CreateTruncating(K[j, i]);
                largest = Math.Max(largest, Math.Abs(a));
                if (Math.Abs(a - b) > worst)
                {
                    worst = Math.Abs(a - b);
                    (worstRow, worstColumn) = (i, j);
                }
            }
        }

        if (worst > SymmetryTolerance * largest)
        {
            throw new ArgumentException(
                $"{name} is not symmetric: entries ({worstRow}, {worstColumn}) and ({worstColumn}, {worstRow}) differ by {worst:G3}.", name);
        }
    }
}
