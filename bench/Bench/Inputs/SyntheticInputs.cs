using System.Numerics;
using VemKernels.Benchmark.Inputs;
using VemKernels.Data;
using VemKernels.Simd;
using VemKernels.Solvers;

namespace VemKernels.Bench.Inputs;

/// <summary>Seeded inputs: matrices of normal numbers, symmetric ones, and data sets of encoding models.</summary>
internal static class SyntheticInputs
{
    /// <summary>How many features drive each target.</summary>
    private const int DrivingFeatures = 3;

    /// <summary>Neighbouring targets are driven by features this far apart.</summary>
    private const int FeatureStep = 7;

    /// <summary>Added to a seed for numbers that are independent of those that the seed gives.</summary>
    private const int NoiseSeed = 1_000_000;

    /// <summary>Standard normal numbers.</summary>
    public static InputSpec Normal<T>(nint rows, nint columns, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new($"normal-{rows}x{columns}-{seed}-{ElementName<T>()}.npy", (_, path) => Write<T>(path, rows, columns, view =>
        {
            NormalNumbers numbers = new(seed);
            for (nint i = 0; i < rows; i++)
            {
                for (nint j = 0; j < columns; j++)
                {
                    view[i, j] = T.CreateTruncating(numbers.Next());
                }
            }
        }));

    /// <summary>Stacked symmetric matrices of normal numbers.</summary>
    public static InputSpec Symmetric<T>(nint order, int count, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Symmetric<T>("symmetric", order, count, seed, 0);

    /// <summary>
    /// Stacked positive definite matrices: normal numbers, the diagonal raised beyond their spectral radius, sqrt(4 n)
    /// by Wigner's law.
    /// </summary>
    public static InputSpec PositiveDefinite<T>(nint order, int count, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Symmetric<T>("definite", order, count, seed, 3 * Math.Sqrt(order));

    /// <summary>Linear kernels of spaces of normal features, stacked by rows.</summary>
    public static InputSpec LinearKernels<T>(nint samples, nint features, int spaces, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new($"kernels-{samples}x{features}x{spaces}-{seed}-{ElementName<T>()}.npy", (folder, path) => Write<T>(path, spaces * samples, samples, view =>
        {
            using SimdBackend backend = new();
            using MappedNpy<T> all = new(folder.Require(Normal<T>(samples, features * spaces, seed)));
            for (int space = 0; space < spaces; space++)
            {
                MatrixView<T> X = all.View.SliceColumns(space * features, features);
                using Matrix<T> kernel = Predictions.LinearKernel(backend, X, X);
                kernel.View.CopyTo(view.SliceRows(space * samples, samples));
            }
        }));

    /// <summary>
    /// Responses: each target is a sum of a few of the features, and noise whose size differs from target to target.
    /// </summary>
    public static InputSpec Targets<T>(nint samples, nint features, nint targets, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new($"targets-{samples}x{features}x{targets}-{seed}-{ElementName<T>()}.npy", (folder, path) => Write<T>(path, samples, targets, view =>
        {
            using MappedNpy<T> X = new(folder.Require(Normal<T>(samples, features, seed)));
            NormalNumbers numbers = new(seed + NoiseSeed);
            for (nint i = 0; i < samples; i++)
            {
                for (nint j = 0; j < targets; j++)
                {
                    double noise = 1 + (j % 10);
                    double value = noise * numbers.Next();
                    for (int k = 0; k < DrivingFeatures; k++)
                    {
                        value += double.CreateTruncating(X.View[i, (j + (k * FeatureStep)) % features]);
                    }

                    view[i, j] = T.CreateTruncating(value);
                }
            }
        }));

    /// <summary>
    /// Responses that each space of features explains a share of, drawn by target, with noise of variance 1 on top;
    /// standardised. The features are those of <see cref="LinearKernels"/>.
    /// </summary>
    public static InputSpec SharedTargets<T>(nint samples, int features, int spaces, int targets, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new($"shared-{samples}x{features}x{spaces}x{targets}-{seed}-{ElementName<T>()}.npy", (folder, path) => Write<T>(path, samples, targets, view =>
        {
            const double Concentration = 0.3;
            using SimdBackend backend = new();
            using MappedNpy<T> X = new(folder.Require(Normal<T>(samples, features * spaces, seed)));
            using Matrix<double> shares = DirichletSamples.Generate(targets, spaces, [Concentration], seed);
            using Matrix<T> weights = new(features * spaces, targets);
            NormalNumbers numbers = new(seed + NoiseSeed);
            for (int i = 0; i < features * spaces; i++)
            {
                for (int j = 0; j < targets; j++)
                {
                    weights[i, j] = T.CreateTruncating(numbers.Next() * Math.Sqrt(shares[j, i / features] / features));
                }
            }

            for (nint i = 0; i < samples; i++)
            {
                for (nint j = 0; j < targets; j++)
                {
                    view[i, j] = T.CreateTruncating(numbers.Next());
                }
            }

            using DeviceMatrix<T> Y = backend.TryAdopt(ForeignMatrix<T>.Host(view))!;
            using DeviceMatrix<T> A = backend.TryAdopt(ForeignMatrix<T>.Host(X.View))!;
            using DeviceMatrix<T> B = backend.TryAdopt(ForeignMatrix<T>.Host(weights.View))!;
            backend.Gemm(1, A.View, B.View, 1, Y.View);
            backend.ZScoreColumns(Y.View);
        }));

    /// <summary>Candidates for the weights of kernels, as a random search draws them.</summary>
    public static InputSpec Gammas(int candidates, int spaces, int seed) =>
        new($"gammas-{candidates}x{spaces}-{seed}.npy", (_, path) =>
        {
            using Matrix<double> gammas = DirichletSamples.Generate(candidates, spaces, DirichletSamples.DefaultConcentrations, seed);
            NpyFile.Write(path, gammas.View);
        });

    /// <summary>numpy's name of an element type.</summary>
    public static string ElementName<T>() => typeof(T) == typeof(float) ? "float32" : "float64";

    private static InputSpec Symmetric<T>(string kind, nint order, int count, int seed, double diagonal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new($"{kind}-{count}x{order}-{seed}-{ElementName<T>()}.npy", (_, path) => Write<T>(path, count * order, order, view =>
        {
            NormalNumbers numbers = new(seed);
            for (int b = 0; b < count; b++)
            {
                MatrixView<T> block = view.SliceRows(b * order, order);
                for (nint i = 0; i < order; i++)
                {
                    for (nint j = 0; j < i; j++)
                    {
                        block[i, j] = block[j, i] = T.CreateTruncating(numbers.Next());
                    }

                    block[i, i] = T.CreateTruncating(numbers.Next() + diagonal);
                }
            }
        }));

    private static void Write<T>(string path, nint rows, nint columns, Action<MatrixView<T>> fill)
        where T : unmanaged
    {
        using MappedNpyWriter<T> writer = new(path, rows, columns);
        fill(writer.View);
        writer.Commit();
    }
}
