using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers;

/// <summary>Of which product of a matrix X the largest eigenvalue is sought.</summary>
public enum LipschitzProduct
{
    /// <summary>X'X: the gradient of |X b - y|^2 / 2 for b, or for dual weights where X is a kernel.</summary>
    XTX,

    /// <summary>XX'.</summary>
    XXT,

    /// <summary>X itself, a symmetric matrix.</summary>
    X,
}

/// <summary>Lipschitz constants of gradients: largest eigenvalues, estimated from below by power iteration.</summary>
/// <remarks>
/// The starts are standard normal deviates of numpy's generator, one vector a matrix in their order, so that a seed
/// gives the numbers that the field's reference returns.
/// </remarks>
public static class LipschitzConstants
{
    /// <summary>Steps of the power iteration, as in the field's reference.</summary>
    private const int Steps = 10;

    /// <summary>Keeps the normalisation of a zero vector finite.</summary>
    private const double TinyNorm = 1e-16;

    /// <summary>Estimates the largest eigenvalue for each matrix, in double.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="matrices">Features or kernels: the same number of rows and columns for all.</param>
    /// <param name="product">Of which product.</param>
    /// <param name="seed">Seed of the starts; null for one from the clock.</param>
    /// <exception cref="ArgumentException">
    /// No matrix, shapes that differ, or <see cref="LipschitzProduct.X"/> of one that is not square.
    /// </exception>
    public static double[] Compute<T>(
        IBackend backend, IReadOnlyList<MatrixView<T>> matrices, LipschitzProduct product = LipschitzProduct.XTX,
        int? seed = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(matrices);
        return Compute(backend, new InputMatrices<T>(matrices), product, seed);
    }

    /// <summary>The same of matrices wherever they lie; see <see cref="InputMatrix{T}"/>.</summary>
    public static double[] Compute<T>(
        IBackend backend, InputMatrices<T> matrices, LipschitzProduct product = LipschitzProduct.XTX,
        int? seed = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (matrices.Count == 0)
        {
            throw new ArgumentException("No matrix was given.", nameof(matrices));
        }

        RandomState random = RandomState.FromSeed(seed);
        double[] constants = new double[matrices.Count];
        for (int i = 0; i < constants.Length; i++)
        {
            InputShapes.Require(matrices[i], matrices[0].Rows, matrices[0].Columns, $"{nameof(matrices)}[{i}]");
            using DeviceMatrix<double> X = Upload.AsDouble(backend, matrices[i]);
            constants[i] = Estimate(backend, X.View, product, random);
        }

        return constants;
    }

    /// <summary>The same for a matrix on the device.</summary>
    internal static double Estimate<T>(IBackend backend, DeviceView<T> X, LipschitzProduct product, RandomState random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceView<T> first = product == LipschitzProduct.XXT ? X.Transposed : X;
        DeviceView<T>? second = product == LipschitzProduct.X ? null : first.Transposed;
        double[] start = new double[first.Columns];
        random.Randn(start);
        using DeviceMatrix<T> vector = Upload.Column<T>(backend, Array.ConvertAll(start, T.CreateTruncating));
        using DeviceMatrix<T> image = backend.Allocate<T>(first.Rows, 1);
        for (int step = 0; step < Steps; step++)
        {
            double norm = backend.FrobeniusNorm(vector.View) + TinyNorm;
            backend.Gemm(1 / norm, first, vector.View, 0, image.View);
            if (second is { } back)
            {
                backend.Gemm(1, back, image.View, 0, vector.View);
            }
            else
            {
                backend.Copy(image.View, vector.View);
            }
        }

        return backend.FrobeniusNorm(vector.View);
    }
}
