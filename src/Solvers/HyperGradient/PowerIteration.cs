using System.Numerics;

namespace VemKernels.Solvers.HyperGradient;

/// <summary>
/// Largest eigenvalues by ten steps of the power iteration from normal deviates of a seed: Lipschitz constants of
/// gradients, which set step sizes. Starts and number of steps are those of the field's reference implementation, so
/// that step sizes are too.
/// </summary>
internal static class PowerIteration
{
    private const int Steps = 10;

    /// <summary>Keeps a zero vector zero instead of NaN.</summary>
    private const double Tiny = 1e-16;

    /// <summary>Multiplies each column by the weighted sum of kernels: (weights, W, result).</summary>
    public delegate void Product<T>(DeviceView<T> weights, DeviceView<T> W, DeviceView<T> result)
        where T : unmanaged;

    /// <summary>
    /// The largest eigenvalue of each kernel K on its training rows, as the root of that of K'K: a column a kernel.
    /// </summary>
    public static double[] OfKernels<T>(
        IBackend backend, DeviceView<T> kernels, int[] train, Product<T> product, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = train.Length;
        int m = (int)(kernels.Columns / kernels.Rows);
        RandomState random = new(seed);
        using Matrix<T> host = new(n, m);
        for (int i = 0; i < m; i++)
        {
            for (int r = 0; r < n; r++)
            {
                host[r, i] = T.CreateTruncating(random.Randn());
            }
        }

        using Matrix<T> identity = new(m, m);
        for (int i = 0; i < m; i++)
        {
            identity[i, i] = T.One;
        }

        using DeviceMatrix<T> weights = backend.Allocate<T>(m, m);
        using DeviceMatrix<T> vectors = backend.Allocate<T>(n, m);
        using DeviceMatrix<T> products = backend.Allocate<T>(n, m);
        using DeviceMatrix<double> squares = backend.Allocate<double>(1, m);
        backend.Upload(identity.View, weights.View);
        backend.Upload(host.View, vectors.View);
        double[] norms = new double[m];
        for (int step = 0; step < Steps; step++)
        {
            Normalise(backend, vectors.View, squares.View);
            product(weights.View, vectors.View, products.View);
            product(weights.View, products.View, vectors.View);
        }

        backend.ColumnDots(vectors.View, vectors.View, squares.View);
        double[] squared = Designs.Upload.ToHost(backend, squares.View);
        for (int i = 0; i < m; i++)
        {
            norms[i] = Math.Sqrt(Math.Sqrt(squared[i]));
        }

        return norms;
    }

    /// <summary>
    /// |H^10 y| / |H^9 y| of an m x m matrix H stored by rows, from the start given: about its largest eigenvalue in
    /// size.
    /// </summary>
    public static double OfMatrix(ReadOnlySpan<double> H, ReadOnlySpan<double> start)
    {
        int m = start.Length;
        Span<double> y = stackalloc double[m];
        Span<double> product = stackalloc double[m];
        start.CopyTo(y);
        double norm = Norm(y);
        for (int step = 0; step < Steps; step++)
        {
            for (int i = 0; i < m; i++)
            {
                y[i] /= norm + Tiny;
            }

            for (int i = 0; i < m; i++)
            {
                product[i] = 0;
                for (int k = 0; k < m; k++)
                {
                    product[i] += H[(i * m) + k] * y[k];
                }
            }

            product.CopyTo(y);
            norm = Norm(y);
        }

        return norm;
    }

    private static void Normalise<T>(IBackend backend, DeviceView<T> vectors, DeviceView<double> squares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        backend.ColumnDots(vectors, vectors, squares);
        double[] squared = Designs.Upload.ToHost(backend, squares);
        using DeviceMatrix<T> factors = Designs.Upload.Column<T>(
            backend, Array.ConvertAll(squared, value => T.CreateTruncating(1 / (Math.Sqrt(value) + Tiny))));
        backend.Scale(vectors, null, factors.View, vectors);
    }

    private static double Norm(ReadOnlySpan<double> y)
    {
        double sum = 0;
        foreach (double value in y)
        {
            sum += value * value;
        }

        return Math.Sqrt(sum);
    }
}
