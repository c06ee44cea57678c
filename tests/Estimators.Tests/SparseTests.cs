using System.Numerics;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Estimators.Tests;

/// <summary>Sparse features of estimators of one kernel: as if they were dense.</summary>
[TestFixtureSource(typeof(EstimatorBackend), nameof(EstimatorBackend.WithElementTypes))]
internal sealed class SparseTests<T>(EstimatorBackend backend) : EstimatorFixture<T>(backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Features = 9;

    [Test]
    public void A_sparse_fit_is_the_dense_one([Values] bool crossValidated, [Values] bool intercept)
    {
        using Problem<T> problem = new(Backend);
        using Matrix<T> X = Sparse(Problem<T>.Train, 1);
        using Matrix<T> XNew = Sparse(Problem<T>.New, 2);
        CsrMatrix<T> sparse = CsrMatrix<T>.FromDense(X.View);
        CsrMatrix<T> sparseNew = CsrMatrix<T>.FromDense(XNew.View);
        using SingleKernelEstimator<T> fitted = Create(crossValidated, intercept);
        using SingleKernelEstimator<T> dense = Create(crossValidated, intercept);
        FitSparse(fitted, sparse, problem.Y);
        dense.Fit([X.View], problem.Y);
        Assert.That((fitted.XFit.Count, fitted.XFitSparse!.Columns), Is.EqualTo((0, Features)));
        Assert.That((dense.XFit.Count, dense.XFitSparse), Is.EqualTo((1, (CsrMatrix<T>?)null)));
        using Matrix<T> expected = dense.Predict([XNew.View]);
        foreach (Func<Matrix<T>> predict in (Func<Matrix<T>>[])
            [() => fitted.Predict(sparseNew), () => fitted.Predict([XNew.View]), () => dense.Predict(sparseNew)])
        {
            using Matrix<T> actual = predict();
            AssertClose(actual.View, expected.View, Tolerance, "predictions");
        }

        using Matrix<T> score = fitted.Score(sparseNew, problem.YNew);
        using Matrix<T> expectedScore = dense.Score([XNew.View], problem.YNew);
        AssertClose(score.View, expectedScore.View, Tolerance, "scores");
        using Matrix<T> primal = fitted.PrimalCoef();
        using Matrix<T> expectedPrimal = dense.PrimalCoef();
        AssertClose(primal.View, expectedPrimal.View, 10 * Tolerance, "primal coef");
    }

    [Test]
    public void A_loaded_sparse_fit_predicts_the_same_bits()
    {
        using Problem<T> problem = new(Backend);
        using TemporaryFolder folder = new();
        using Matrix<T> X = Sparse(Problem<T>.Train, 1);
        using Matrix<T> XNew = Sparse(Problem<T>.New, 2);
        CsrMatrix<T> sparseNew = CsrMatrix<T>.FromDense(XNew.View);
        using KernelRidge<T> model = new(Backend);
        model.Fit(CsrMatrix<T>.FromDense(X.View), problem.Y).Save(folder["model"]);
        using KernelRidge<T> loaded = KernelRidge<T>.Load(Backend, folder["model"]);
        using Matrix<T> expected = model.Predict(sparseNew);
        using Matrix<T> actual = loaded.Predict(sparseNew);
        AssertClose(actual.View, expected.View, 0, "predictions");
        NpyFile.WriteVector<int>(folder["model/x_fit_indptr.npy"], [0, 1]);
        Assert.That(
            () => KernelRidge<T>.Load(Backend, folder["model"]),
            Throws.InstanceOf<DataFormatException>().With.Message.Contains("rowPointers has 2 entries"));
    }

    [Test]
    public void What_cannot_be_sparse_is_refused()
    {
        using Problem<T> problem = new(Backend);
        using Matrix<T> X = Sparse(Problem<T>.Train, 1);
        CsrMatrix<T> sparse = CsrMatrix<T>.FromDense(X.View);
        using KernelRidge<T> rbf = new(Backend, new() { Kernel = PairwiseKernel.Rbf() });
        using KernelRidge<T> linear = new(Backend);
        Assert.That(
            () => rbf.Fit(sparse, problem.Y), Throws.ArgumentException.With.Message.Contains("Kernel is rbf"));
        rbf.Fit(X.View, problem.Y);
        Assert.That(() => rbf.Predict(sparse), Throws.InvalidOperationException.With.Message.Contains("Kernel is rbf"));
        Assert.That(() => linear.Predict(sparse), Throws.InvalidOperationException.With.Message.Contains("not fitted"));
        Assert.That(
            () => linear.Fit(sparse, problem.YNew), Throws.ArgumentException.With.Message.Contains("X has 40 samples"));
        linear.Fit(sparse, problem.Y);
        Assert.That(
            () => linear.Predict(sparse.Transpose()),
            Throws.ArgumentException.With.Message.Contains("X has 40 features; expected 9"));
    }

    private static void FitSparse(SingleKernelEstimator<T> model, CsrMatrix<T> X, TargetSource<T> Y)
    {
        if (model is KernelRidge<T> ridge)
        {
            Assert.That(ridge.Fit(X, Y), Is.SameAs(model));
        }
        else
        {
            Assert.That(((KernelRidgeCV<T>)model).Fit(X, Y), Is.SameAs(model));
        }
    }

    private static Matrix<T> Sparse(int rows, int seed)
    {
        RandomState random = new(seed);
        Matrix<T> X = new(rows, Features);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < Features; j++)
            {
                double value = random.Randn();
                X[i, j] = (i + (2 * j)) % 3 == 0 ? T.CreateTruncating(value) : T.Zero;
            }
        }

        return X;
    }

    private SingleKernelEstimator<T> Create(bool crossValidated, bool intercept) => crossValidated
        ? new KernelRidgeCV<T>(Backend, new() { Search = Search with { FitIntercept = intercept } })
        : new KernelRidge<T>(Backend, new() { Model = new() { Alphas = [2], FitIntercept = intercept } });
}
