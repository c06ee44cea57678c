using System.Numerics;

namespace VemKernels.Reference;

/// <content>Elementwise operations and level 3.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void AddScaled<T>(double alpha, DeviceView<T> A, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] a = Read(A);
        double[][] b = Read(B);
        Shapes.Require(B, A.Rows, A.Columns, nameof(B));
        RequireDisjoint(A, B);
        for (int i = 0; i < B.Rows; i++)
        {
            for (int j = 0; j < B.Columns; j++)
            {
                b[i][j] += alpha * a[i][j];
            }
        }

        Write(b, B);
    }

    /// <inheritdoc/>
    public void AddDiagonal<T>(DeviceView<T> A, double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] a = Read(A);
        for (int i = 0; i < Math.Min(A.Rows, A.Columns); i++)
        {
            a[i][i] += value;
        }

        Write(a, A);
    }

    /// <inheritdoc/>
    public void Scale<T>(DeviceView<T> A, DeviceView<T>? rowFactors, DeviceView<T>? columnFactors, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] a = Read(A);
        Own(B, nameof(B));
        Shapes.Require(B, A.Rows, A.Columns, nameof(B));
        RequireDisjointOrSame(A, B);
        double[]? rowFactor = null;
        double[]? columnFactor = null;
        if (rowFactors is { } rows)
        {
            rowFactor = ReadVector(rows, A.Rows, nameof(rowFactors));
            RequireDisjoint(rows, B);
        }

        if (columnFactors is { } columns)
        {
            columnFactor = ReadVector(columns, A.Columns, nameof(columnFactors));
            RequireDisjoint(columns, B);
        }

        for (int i = 0; i < A.Rows; i++)
        {
            for (int j = 0; j < A.Columns; j++)
            {
                a[i][j] *= (rowFactor?[i] ?? 1) * (columnFactor?[j] ?? 1);
            }
        }

        Write(a, B);
    }

    /// <inheritdoc/>
    public void Multiply<T>(DeviceView<T> A, DeviceView<T> W, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] a = Read(A);
        double[][] w = Read(W);
        Own(B, nameof(B));
        Shapes.Require(W, A.Rows, A.Columns, nameof(W));
        Shapes.Require(B, A.Rows, A.Columns, nameof(B));
        RequireDisjointOrSame(A, B);
        RequireDisjoint(W, B);
        for (int i = 0; i < A.Rows; i++)
        {
            for (int j = 0; j < A.Columns; j++)
            {
                a[i][j] *= w[i][j];
            }
        }

        Write(a, B);
    }

    /// <inheritdoc/>
    public void Gemm<T>(double alpha, DeviceView<T> A, DeviceView<T> B, double beta, DeviceView<T> C)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] a = Read(A);
        double[][] b = Read(B);
        double[][] c = Read(C);
        Shapes.Require(B, A.Columns, B.Columns, nameof(B));
        Shapes.Require(C, A.Rows, B.Columns, nameof(C));
        RequireDisjoint(A, C);
        RequireDisjoint(B, C);
        double[][] product = Dense.Product(a, b, (int)B.Columns);
        for (int i = 0; i < C.Rows; i++)
        {
            for (int j = 0; j < C.Columns; j++)
            {
                // Without a beta, C is not read: it may hold NaN.
                c[i][j] = beta == 0 ? alpha * product[i][j] : (alpha * product[i][j]) + (beta * c[i][j]);
            }
        }

        Write(c, C);
    }

    /// <inheritdoc/>
    public void Syrk<T>(double alpha, DeviceView<T> A, double beta, DeviceView<T> C)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] a = Read(A);
        double[][] c = Read(C);
        Shapes.Require(C, A.Rows, A.Rows, nameof(C));
        RequireDisjoint(A, C);
        for (int i = 0; i < C.Rows; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double product = alpha * Dense.Dot(a[i], a[j]);
                c[i][j] = beta == 0 ? product : product + (beta * c[i][j]);
                c[j][i] = c[i][j];
            }
        }

        Write(c, C);
    }

    /// <inheritdoc/>
    public void Trsm<T>(Triangle triangle, bool unitDiagonal, DeviceView<T> A, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] a = Read(A);
        double[][] b = Read(B);
        Shapes.RequireSquare(A, nameof(A));
        Shapes.Require(B, A.Rows, B.Columns, nameof(B));
        RequireDisjoint(A, B);
        int n = a.Length;
        for (int step = 0; step < n; step++)
        {
            // Substitution runs down for a lower triangle, up for an upper one; the rows solved before are the others
            // of the triangle.
            int i = triangle == Triangle.Lower ? step : n - 1 - step;
            int first = triangle == Triangle.Lower ? 0 : i + 1;
            int end = triangle == Triangle.Lower ? i : n;
            for (int k = first; k < end; k++)
            {
                for (int j = 0; j < b[i].Length; j++)
                {
                    b[i][j] -= a[i][k] * b[k][j];
                }
            }

            if (!unitDiagonal)
            {
                for (int j = 0; j < b[i].Length; j++)
                {
                    b[i][j] /= a[i][i];
                }
            }
        }

        Write(b, B);
    }

    /// <summary>Requires that an elementwise operation is either in place or writes elsewhere.</summary>
    private void RequireDisjointOrSame<T>(DeviceView<T> input, DeviceView<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (input != output)
        {
            RequireDisjoint(input, output);
        }
    }
}
