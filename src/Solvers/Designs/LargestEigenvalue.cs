namespace VemKernels.Solvers.Designs;

/// <summary>The largest eigenvalue of a positive semi-definite matrix, by power iterations on a few vectors.</summary>
internal static class LargestEigenvalue
{
    private const int Vectors = 8;

    /// <summary>
    /// Eigenvalues 0.8 times the largest and smaller are 1 / 35 of it, squared, after so many: the quotient is then
    /// within some per cent, and where several are that close, it matters little which.
    /// </summary>
    private const int Steps = 16;

    private const int Seed = 20260;

    /// <summary>
    /// A lower bound of the largest eigenvalue, mostly within a few per cent; 0 for a matrix of zeros.
    /// </summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="A">n x n, symmetric.</param>
    public static double Of(IBackend backend, DeviceView<double> A)
    {
        // Over its Frobenius norm the matrix shrinks vectors, by no more than the root of n each time: no step needs
        // norms.
        double size = backend.FrobeniusNorm(A);
        if (!(size > 0))
        {
            return 0;
        }

        using Matrix<double> start = new(A.Rows, Vectors);
        Random random = new(Seed);
        for (nint i = 0; i < A.Rows; i++)
        {
            for (nint j = 0; j < Vectors; j++)
            {
                start[i, j] = (2 * random.NextDouble()) - 1;
            }
        }

        using DeviceMatrix<double> first = Allocation.Of(backend, start.View);
        using DeviceMatrix<double> second = backend.Allocate<double>(A.Rows, Vectors);
        DeviceView<double> vectors = first.View;
        DeviceView<double> next = second.View;
        for (int step = 0; step < Steps; step++)
        {
            backend.Gemm(1 / size, A, vectors, 0, next);
            (vectors, next) = (next, vectors);
        }

        backend.Gemm(1, A, vectors, 0, next);
        using DeviceMatrix<double> dots = backend.Allocate<double>(2, Vectors);
        backend.ColumnDots(vectors, next, dots.View.SliceRows(0, 1));
        backend.ColumnDots(vectors, vectors, dots.View.SliceRows(1, 1));
        using Matrix<double> quotients = new(2, Vectors);
        backend.Download(dots.View, quotients.View);
        return Enumerable.Range(0, Vectors).Where(j => quotients[1, j] > 0)
            .Select(j => quotients[0, j] / quotients[1, j]).DefaultIfEmpty(0).Max();
    }
}
