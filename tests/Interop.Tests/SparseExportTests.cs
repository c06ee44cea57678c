using System.Numerics;
using NUnit.Framework;
using VemKernels.Solvers;

namespace VemKernels.Interop.Tests;

/// <summary>
/// Sparse features across the border: the same bits as in C#, from lists that are used where they lie.
/// </summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public sealed unsafe class SparseExportTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Rows = 21;
    private const int Others = 9;
    private const int Columns = 13;
    private const int Targets = 5;

    private readonly delegate* unmanaged[Cdecl]<VemCsr*, VemCsr*, VemMatrix*, VemCall*, int> _kernel =
        &SparseExports.CsrKernel;

    private CsrMatrix<T> _x = null!;
    private CsrMatrix<T> _y = null!;

    [OneTimeSetUp]
    public void Draw()
    {
        _x = Sparse(Rows, 0);
        _y = Sparse(Others, 1);
    }

    [Test]
    public void Kernels_are_those_of_the_dense_features_and_of_CSharp()
    {
        using Matrix<T> own = new(Rows, Rows);
        using Matrix<T> between = new(Rows, Others);
        VemMatrix k = Library.Describe(own.View);
        VemMatrix kxy = Library.Describe(between.View);
        fixed (T* xv = _x.Values.Span, yv = _y.Values.Span)
        fixed (int* xc = _x.ColumnIndices.Span, xr = _x.RowPointers.Span)
        fixed (int* yc = _y.ColumnIndices.Span, yr = _y.RowPointers.Span)
        {
            VemCsr x = Describe(_x, xv, xc, xr);
            VemCsr y = Describe(_y, yv, yc, yr);
            Library.Succeeds(_kernel(&x, null, &k, null));
            Library.Succeeds(_kernel(&x, &y, &kxy, null));
        }

        using Matrix<T> expectedOwn = SparseKernels.Linear(_x);
        using Matrix<T> expected = SparseKernels.Linear(_x, _y);
        Library.AreSame(own.View, expectedOwn.View, "kernel");
        Library.AreSame(between.View, expected.View, "kernel of two");
        AreClose(between.View, Dense(_x), Dense(_y));
    }

    [Test]
    public void Dense_others_and_primal_weights()
    {
        using Matrix<T> w = Library.Draw<T>(Rows, Targets, 3);
        using Matrix<T> b = new(Columns, Targets);
        using Matrix<T> predicted = new(Rows, Targets);
        VemMatrix dual = Library.Describe(w.View);
        VemMatrix primal = Library.Describe(b.View);
        VemMatrix transposed = Library.Describe(b.View.Transposed);
        VemMatrix p = Library.Describe(predicted.View);
        delegate* unmanaged[Cdecl]<VemCsr*, VemMatrix*, VemMatrix*, VemCall*, int> weights =
            &SparseExports.CsrPrimalWeights;
        delegate* unmanaged[Cdecl]<VemCsr*, VemMatrix*, VemMatrix*, VemCall*, int> dense =
            &SparseExports.CsrDenseKernel;
        fixed (T* xv = _x.Values.Span)
        fixed (int* xc = _x.ColumnIndices.Span, xr = _x.RowPointers.Span)
        {
            VemCsr x = Describe(_x, xv, xc, xr);
            Library.Succeeds(weights(&x, &dual, &primal, null));
            Library.Succeeds(dense(&x, &transposed, &p, null));
            Library.Fails(weights(&x, &primal, &primal, null), VemStatus.InvalidArgument, "dual");
        }

        T[,] features = Dense(_x);
        for (int j = 0; j < Columns; j++)
        {
            for (int t = 0; t < Targets; t++)
            {
                double sum = 0;
                for (int i = 0; i < Rows; i++)
                {
                    sum += double.CreateTruncating(features[i, j]) * double.CreateTruncating(w[i, t]);
                }

                Assert.That(double.CreateTruncating(b[j, t]), Is.EqualTo(sum).Within(Bound * (1 + Math.Abs(sum))));
            }
        }

        T[,] rows = new T[Targets, Columns];
        for (int t = 0; t < Targets; t++)
        {
            for (int j = 0; j < Columns; j++)
            {
                rows[t, j] = b[j, t];
            }
        }

        AreClose(predicted.View, features, rows);
    }

    [Test]
    public void What_is_no_sparse_matrix_is_refused()
    {
        using Matrix<T> own = new(Rows, Rows);
        VemMatrix k = Library.Describe(own.View);
        T[] values = _x.Values.ToArray();
        int[] columns = _x.ColumnIndices.ToArray();
        int[] rows = _x.RowPointers.ToArray();
        fixed (T* v = values)
        fixed (int* c = columns, r = rows)
        {
            VemCsr good = Describe(_x, v, c, r);
            foreach ((VemCsr bad, string named) in new (VemCsr, string)[]
            {
                (good with { Size = 0 }, "X"), (good with { Size = 1 << 20 }, "X"), (good with { Rows = -1 }, "rows"),
                (good with { Rows = long.MaxValue }, "rows"), (good with { Columns = long.MinValue }, "columns"),
                (good with { Columns = 1 }, "columnIndices"), (good with { Entries = -1 }, "X.values"),
                (good with { Entries = good.Entries - 1 }, "rowPointers"), (good with { Values = null }, "X.values"),
                (good with { ColumnIndices = null }, "X.column_indices"), (good with { Type = 3 }, "type 3"),
                (good with { RowPointers = null }, "X.row_pointers"), (good with { Reserved = 1 }, "reserved"),
                (good with { Values = (byte*)v + 1 }, "X.values"), (good with { RowPointers = r + 1 }, "rowPointers"),
            })
            {
                VemCsr given = bad;
                Library.Fails(_kernel(&given, null, &k, null), VemStatus.InvalidArgument, named);
            }

            VemMatrix over = k with { Data = v, Rows = Rows, Columns = Rows };
            Library.Fails(_kernel(&good, null, &over, null), VemStatus.InvalidArgument, "overlaps");
            Library.Fails(_kernel(null, null, &k, null), VemStatus.InvalidArgument, "X is null");
            k.Columns--;
            Library.Fails(_kernel(&good, null, &k, null), VemStatus.InvalidArgument, "K is");
            values[3] = T.NaN;
            Library.Fails(_kernel(&good, null, &k, null), VemStatus.InvalidArgument, "values holds NaN");
        }
    }

    private static double Bound => 100 * VemKernels.Precision.Epsilon<T>();

    private static VemCsr Describe(CsrMatrix<T> matrix, T* values, int* columns, int* rows) => new()
    {
        Size = sizeof(VemCsr), Rows = matrix.Rows, Columns = matrix.Columns, Entries = matrix.Values.Length,
        Values = values, ColumnIndices = columns, RowPointers = rows,
        Type = (int)(typeof(T) == typeof(float) ? VemType.Float32 : VemType.Float64),
    };

    /// <summary>About a fifth of the places, one row empty, one place twice.</summary>
    private static CsrMatrix<T> Sparse(int rows, int seed)
    {
        Random random = new(seed);
        List<T> values = [T.One, T.CreateTruncating(0.5)];
        List<int> columns = [2, 2];
        int[] pointers = new int[rows + 1];
        pointers[1] = 2;
        for (int i = 1; i < rows; i++)
        {
            for (int j = Columns - 1; j >= 0 && i != 4; j--)
            {
                if (random.Next(5) == 0)
                {
                    values.Add(T.CreateTruncating(random.NextDouble() - 0.5));
                    columns.Add(j);
                }
            }

            pointers[i + 1] = values.Count;
        }

        return new CsrMatrix<T>(rows, Columns, values.ToArray(), columns.ToArray(), pointers);
    }

    private static T[,] Dense(CsrMatrix<T> matrix)
    {
        T[,] dense = new T[matrix.Rows, matrix.Columns];
        for (int i = 0; i < matrix.Rows; i++)
        {
            for (int entry = matrix.RowPointers.Span[i]; entry < matrix.RowPointers.Span[i + 1]; entry++)
            {
                dense[i, matrix.ColumnIndices.Span[entry]] += matrix.Values.Span[entry];
            }
        }

        return dense;
    }

    private static void AreClose(MatrixView<T> actual, T[,] left, T[,] right)
    {
        for (int i = 0; i < actual.Rows; i++)
        {
            for (int j = 0; j < actual.Columns; j++)
            {
                double sum = 0;
                for (int k = 0; k < left.GetLength(1); k++)
                {
                    sum += double.CreateTruncating(left[i, k]) * double.CreateTruncating(right[j, k]);
                }

                Assert.That(double.CreateTruncating(actual[i, j]), Is.EqualTo(sum).Within(Bound * (1 + Math.Abs(sum))));
            }
        }
    }
}
