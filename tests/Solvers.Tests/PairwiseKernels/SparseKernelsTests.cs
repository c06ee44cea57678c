using System.Numerics;

namespace VemKernels.Solvers.Tests.PairwiseKernels;

[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class SparseKernelsTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Density = 0.15;

    private static double Tolerance => typeof(T) == typeof(float) ? 1e-5 : 1e-13;

    [TestCase(0, 5, 7)]
    [TestCase(1, 1, 1)]
    [TestCase(17, 9, 40)]
    [TestCase(50, 33, 11)]
    public void Sparse_products_are_those_of_the_dense_matrices(int rows, int others, int features)
    {
        using Matrix<T> X = Sparse(rows, features, seed: 1);
        using Matrix<T> Y = Sparse(others, features, seed: 2);
        using Matrix<T> expected = Product(X, Y);
        using Matrix<T> sparse = SparseKernels.Linear(CsrMatrix<T>.FromDense(X.View), CsrMatrix<T>.FromDense(Y.View));
        using Matrix<T> dense = SparseKernels.Linear(CsrMatrix<T>.FromDense(X.View), Y.View);
        Assert.That(KernelData.LargestDifference(sparse.View, expected.View), Is.LessThan(Tolerance));
        Assert.That(KernelData.LargestDifference(dense.View, expected.View), Is.LessThan(Tolerance));
    }

    [Test]
    public void A_sparse_kernel_with_itself_is_symmetric_to_the_bit()
    {
        using Matrix<T> X = Sparse(40, 25, seed: 3);
        using Matrix<T> expected = Product(X, X);
        using Matrix<T> K = SparseKernels.Linear(CsrMatrix<T>.FromDense(X.View));
        Assert.That(KernelData.LargestDifference(K.View, K.View.Transposed), Is.Zero);
        Assert.That(KernelData.LargestDifference(K.View, expected.View), Is.LessThan(Tolerance));
    }

    [Test]
    public void Columns_in_any_order_and_repeated_ones_add_up()
    {
        // Row 0: (1 + 2) in column 2, 3 in column 0. Row 1: nothing. Row 2: 4 in column 1, 5 in column 0.
        CsrMatrix<T> X = new(3, 3, Values(1, 3, 2, 4, 5), new int[] { 2, 0, 2, 1, 0 }, new int[] { 0, 3, 3, 5 });
        using Matrix<T> expected = Matrix<T>.From(3, 3, Values(18, 0, 15, 0, 0, 0, 15, 0, 41));
        using Matrix<T> K = SparseKernels.Linear(X);
        Assert.That(KernelData.LargestDifference(K.View, expected.View), Is.Zero);
    }

    [Test]
    public void Arrays_that_are_no_sparse_matrix_are_refused()
    {
        Refused("rowPointers", () => new CsrMatrix<T>(2, 3, Values(1), new int[] { 0 }, new int[] { 0, 1 }));
        Refused("rowPointers", () => new CsrMatrix<T>(1, 3, Values(1), new int[] { 0 }, new int[] { 0, 2 }));
        Refused("rowPointers", () => new CsrMatrix<T>(2, 3, Values(1), new int[] { 0 }, new int[] { 0, 2, 1 }));
        Refused("columnIndices", () => new CsrMatrix<T>(1, 3, Values(1), new int[] { 0, 1 }, new int[] { 0, 1 }));
        Refused("columnIndices", () => new CsrMatrix<T>(1, 3, Values(1), new int[] { 3 }, new int[] { 0, 1 }));
        Refused("values", () => new CsrMatrix<T>(1, 3, Values(double.NaN), new int[] { 2 }, new int[] { 0, 1 }));
    }

    [Test]
    public void Other_numbers_of_features_are_refused_and_cancelled_work_stops()
    {
        using Matrix<T> X = Sparse(5, 4, seed: 4);
        using Matrix<T> narrow = Sparse(5, 3, seed: 5);
        CsrMatrix<T> sparse = CsrMatrix<T>.FromDense(X.View);
        Assert.That(() => SparseKernels.Linear(sparse, narrow.View), Throws.ArgumentException);
        Assert.That(() => SparseKernels.Linear(sparse, CsrMatrix<T>.FromDense(narrow.View)), Throws.ArgumentException);
        Assert.That(
            () => SparseKernels.Linear(sparse, cancellation: new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private static void Refused(string name, Func<CsrMatrix<T>> make) =>
        Assert.That(() => make(), Throws.ArgumentException.With.Property("ParamName").EqualTo(name));

    private static T[] Values(params double[] values) => Array.ConvertAll(values, T.CreateTruncating);

    private static Matrix<T> Sparse(int rows, int columns, int seed)
    {
        Random random = new(seed);
        Matrix<T> X = KernelData.Normal<T>(rows, columns, seed + 100);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                X[i, j] = random.NextDouble() < Density ? X[i, j] : T.Zero;
            }
        }

        return X;
    }

    private static Matrix<T> Product(Matrix<T> X, Matrix<T> Y)
    {
        Matrix<T> K = new(X.Rows, Y.Rows);
        for (nint i = 0; i < X.Rows; i++)
        {
            for (nint j = 0; j < Y.Rows; j++)
            {
                double sum = 0;
                for (nint k = 0; k < X.Columns; k++)
                {
                    sum += double.CreateTruncating(X[i, k]) * double.CreateTruncating(Y[j, k]);
                }

                K[i, j] = T.CreateTruncating(sum);
            }
        }

        return K;
    }
}
