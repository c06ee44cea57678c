using System.Numerics;

namespace VemKernels.Reference;

/// <content>Factorisations of stacked matrices.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void Cholesky<T>(DeviceView<T> A, int count = 1, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] stack = Read(A);
        int n = RequireStackOfSquares(A, count);
        for (int matrix = 0; matrix < count; matrix++)
        {
            cancellation.ThrowIfCancellationRequested();
            CholeskyFactor.Compute(Dense.Rows(stack, matrix * n, n), matrix);
        }

        Write(stack, A);
    }

    /// <inheritdoc/>
    public void CholeskyInverse<T>(DeviceView<T> A, int count = 1, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] stack = Read(A);
        int n = RequireStackOfSquares(A, count);
        for (int matrix = 0; matrix < count; matrix++)
        {
            cancellation.ThrowIfCancellationRequested();
            CholeskyFactor.Invert(Dense.Rows(stack, matrix * n, n));
        }

        Write(stack, A);
    }

    /// <inheritdoc/>
    public void SymmetricEigen<T>(DeviceView<T> A, DeviceView<T> w, int count = 1, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] stack = Read(A);
        Own(w, nameof(w));
        int n = RequireStackOfSquares(A, count);
        Shapes.Require(w, count, n, nameof(w));
        RequireDisjoint(A, w);
        double[][] eigenvalues = new double[count][];
        List<double[]> eigenvectors = [];
        for (int matrix = 0; matrix < count; matrix++)
        {
            double[][] a = Dense.Rows(stack, matrix * n, n);
            for (int i = 0; i < n; i++)
            {
                for (int j = i + 1; j < n; j++)
                {
                    a[i][j] = a[j][i];
                }
            }

            Dense.RequireFinite(a, matrix);
            (double[][] Q, eigenvalues[matrix]) = SymmetricJacobi.Compute(a, cancellation);
            eigenvectors.AddRange(Q);
        }

        Write([.. eigenvectors], A);
        Write(eigenvalues, w);
    }

    /// <summary><inheritdoc/> A is left full of NaN.</summary>
    public void ThinSvd<T>(
        DeviceView<T> A, DeviceView<T> U, DeviceView<T> s, DeviceView<T> Vt, int count = 1, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] stack = Read(A);
        Own(U, nameof(U));
        Own(s, nameof(s));
        Own(Vt, nameof(Vt));
        int m = RequireStack(A, count);
        int n = (int)A.Columns;
        int k = Math.Min(m, n);
        Shapes.Require(U, (nint)count * m, k, nameof(U));
        Shapes.Require(s, count, k, nameof(s));
        Shapes.Require(Vt, (nint)count * k, n, nameof(Vt));
        RequireDisjoint(A, U);
        RequireDisjoint(A, s);
        RequireDisjoint(A, Vt);
        double[][] singularValues = new double[count][];
        List<double[]> left = [];
        List<double[]> right = [];
        for (int matrix = 0; matrix < count; matrix++)
        {
            double[][] a = Dense.Rows(stack, matrix * m, m);
            Dense.RequireFinite(a, matrix);
            (double[][] u, singularValues[matrix], double[][] vt) = OneSidedJacobi.Compute(a, n, cancellation);
            left.AddRange(u);
            right.AddRange(vt);
        }

        Write([.. left], U);
        Write(singularValues, s);
        Write([.. right], Vt);
        Fill(A, double.NaN);
    }

    /// <summary>The number of rows of each of the stacked matrices.</summary>
    private static int RequireStack<T>(DeviceView<T> A, int count)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        if (A.Rows % count != 0)
        {
            throw new ArgumentException($"A has {A.Rows} rows; {count} stacked matrices have a multiple of {count}.", nameof(A));
        }

        return (int)(A.Rows / count);
    }

    private static int RequireStackOfSquares<T>(DeviceView<T> A, int count)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Shapes.Require(A, count * A.Columns, A.Columns, nameof(A));
        return (int)A.Columns;
    }
}
