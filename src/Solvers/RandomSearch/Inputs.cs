using System.Numerics;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>What is regressed on: features by space, or kernels (with or without the features behind them).</summary>
internal sealed class Inputs<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows and columns of a block when a kernel's triangles are compared.</summary>
    private const int SymmetryBlock = 64;

    /// <summary>How far a kernel may be from symmetric, relative to its largest entry: some roundings of T.</summary>
    private static double SymmetryTolerance => 64 * Precision.Epsilon<T>();

    private Inputs(InputMatrices<T>? kernels, InputMatrices<T>? features)
    {
        KernelViews = kernels;
        FeatureViews = features;
        InputMatrices<T> first = kernels ?? features!;
        if (first.Count == 0)
        {
            throw new ArgumentException($"No {(kernels is null ? "feature space" : "kernel")} was given.", kernels is null ? "features" : "kernels");
        }

        Spaces = first.Count;
        Samples = first[0].Rows;
    }

    public InputMatrices<T>? KernelViews { get; }

    public InputMatrices<T>? FeatureViews { get; }

    public int Spaces { get; }

    public nint Samples { get; }

    /// <summary>Features of all spaces together; 0 where only kernels were given.</summary>
    public nint TotalFeatures => FeatureViews?.TotalColumns ?? 0;

    public static Inputs<T> Features(InputMatrices<T> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        Inputs<T> inputs = new(null, features);
        inputs.CheckFeatures(nameof(features));
        return inputs;
    }

    public static Inputs<T> Kernels(InputMatrices<T> kernels, InputMatrices<T>? features)
    {
        ArgumentNullException.ThrowIfNull(kernels);
        Inputs<T> inputs = new(kernels, features);
        for (int i = 0; i < kernels.Count; i++)
        {
            string name = $"kernels[{i}]";
            InputShapes.Require(kernels[i], inputs.Samples, inputs.Samples, name);
            kernels[i].RequireSymmetric(name);
        }

        if (features is not null)
        {
            if (features.Count != kernels.Count)
            {
                throw new ArgumentException(
                    $"{features.Count} feature spaces for {kernels.Count} kernels.", nameof(features));
            }

            inputs.CheckFeatures(nameof(features));
        }

        return inputs;
    }

    private void CheckFeatures(string name)
    {
        for (int i = 0; i < FeatureViews!.Count; i++)
        {
            InputMatrix<T> view = FeatureViews[i];
            if (view.Columns == 0)
            {
                throw new ArgumentException($"{name}[{i}] has no feature.", name);
            }

            if (view.Rows != Samples)
            {
                throw new ArgumentException(
                    $"{name}[{i}] has {view.Rows} samples; {name}[0] or the kernels have {Samples}.", name);
            }
        }
    }

    /// <summary>
    /// The same of a kernel in the memory of a backend. No entry of K - K' is over its Frobenius norm, and K has one
    /// of at least its own norm over n: where that suffices nothing is brought to the host.
    /// </summary>
    /// <exception cref="ArgumentException">The kernel is not symmetric.</exception>
    internal static void RequireSymmetric(IBackend backend, DeviceView<T> K, string name)
    {
        using (DeviceMatrix<T> difference = backend.Allocate<T>(K.Rows, K.Columns))
        {
            backend.Copy(K, difference.View);
            backend.AddScaled(-1, K.Transposed, difference.View);
            double least = backend.FrobeniusNorm(K) / Math.Max(K.Rows, 1);
            if (backend.FrobeniusNorm(difference.View) <= SymmetryTolerance * least)
            {
                return;
            }
        }

        using Matrix<T> host = Matrix<T>.Uninitialized(K.Rows, K.Columns);
        backend.Download(K, host.View);
        RequireSymmetric(host.View, name);
    }

    /// <summary>
    /// Requires a symmetric kernel, up to some roundings of its largest entry. Reads it once, block by block, so that
    /// both triangles come by whole cache lines. NaN is for <see cref="FiniteCheck"/> to find.
    /// </summary>
    /// <exception cref="ArgumentException">The kernel is not symmetric.</exception>
    internal static void RequireSymmetric(MatrixView<T> K, string name)
    {
        T largest = T.Zero;
        T worst = T.Zero;
        (nint Row, nint Column) where = (0, 0);
        for (nint row = 0; row < K.Rows; row += SymmetryBlock)
        {
            for (nint column = 0; column <= row; column += SymmetryBlock)
            {
                nint rows = Math.Min(K.Rows, row + SymmetryBlock);
                nint columns = Math.Min(K.Rows, column + SymmetryBlock);
                for (nint i = row; i < rows; i++)
                {
                    for (nint j = column; j < Math.Min(columns, i + 1); j++)
                    {
                        T difference = T.Abs(K[i, j] - K[j, i]);
                        largest = T.MaxNumber(largest, T.Abs(K[i, j]));
                        if (difference > worst)
                        {
                            (worst, where) = (difference, (i, j));
                        }
                    }
                }
            }
        }

        if (double.CreateTruncating(worst) > SymmetryTolerance * double.CreateTruncating(largest))
        {
            throw new ArgumentException(
                $"{name} is not symmetric: entries ({where.Row}, {where.Column}) and ({where.Column}, {where.Row}) differ by "
                    + $"{double.CreateTruncating(worst):G3}; expected less than {SymmetryTolerance:G3} of the largest entry, "
                    + $"{double.CreateTruncating(largest):G3}.",
                name);
        }
    }
}
