using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>Where the kernels of an estimator come from: given, of features, or of columns of one matrix.</summary>
internal abstract class KernelSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What to save of the spaces beside the options; null for nothing.</summary>
    public virtual IReadOnlyList<SavedSpace>? SavedSpaces(FittedModel<T> model) => null;

    /// <summary>Whether a fit to such kernels can have such sizes.</summary>
    public abstract bool Agrees(ModelSizes sizes);

    /// <summary>
    /// The kernels between training samples. Sets the model's sizes, and keeps in it what new samples need.
    /// </summary>
    public abstract KernelSet<T> Training(
        FittedModel<T> model, IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y, bool checkFinite,
        CancellationToken cancellation);

    /// <summary>The kernels between new samples and training samples.</summary>
    public abstract KernelSet<T> New(
        FittedModel<T> model, IReadOnlyList<MatrixView<T>> X, CancellationToken cancellation);

    /// <summary>
    /// Weights of the features as they were given (or as preprocessing made them), features of all spaces x targets;
    /// the caller disposes them.
    /// </summary>
    /// <param name="model">The fit.</param>
    /// <param name="dual">Training samples x targets.</param>
    /// <param name="deltas">Log kernel weights, kernels x targets; null for zeros.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <exception cref="InvalidOperationException">A kernel is not linear, or was given.</exception>
    public abstract Matrix<T> Primal(
        FittedModel<T> model, MatrixView<T> dual, MatrixView<T>? deltas, IBackend backend,
        CancellationToken cancellation);

    /// <summary>Makes ready what was not saved.</summary>
    public virtual void Restore(FittedModel<T> model, IReadOnlyList<SavedSpace>? spaces)
    {
    }

    /// <summary>Name of the array of a matrix of training features.</summary>
    public static string FeaturesArray(int matrix) => $"x_fit_{matrix}";

    /// <summary>Sizes of a fit whose scores are not known yet.</summary>
    protected static ModelSizes SizesOf(TargetSource<T> Y, int kernels, IReadOnlyList<long> features) => new()
    {
        Samples = Y.Samples,
        Targets = Y.Targets,
        Spaces = kernels,
        Features = features,
        ScoreRows = 0,
    };

    /// <summary>Requires as many matrices as in the fit, of equally many samples and the fit's columns.</summary>
    protected static void RequireNew(IReadOnlyList<MatrixView<T>> X, int matrices, Func<int, nint> columns)
    {
        if (X.Count != matrices)
        {
            throw new ArgumentException($"{X.Count} matrices; the estimator was fitted to {matrices}.", nameof(X));
        }

        for (int i = 0; i < X.Count; i++)
        {
            Shapes.Require(X[i], X[0].Rows, columns(i), $"X[{i}]");
        }
    }

    /// <summary>exp(delta_i) X_i' w of each space, one under the other.</summary>
    protected static Matrix<T> Primal(
        IReadOnlyList<MatrixView<T>> features, MatrixView<T> dual, MatrixView<T>? deltas, IBackend backend,
        CancellationToken cancellation)
    {
        nint rows = 0;
        foreach (MatrixView<T> X in features)
        {
            rows += X.Columns;
        }

        Matrix<T> primal = Matrix<T>.Uninitialized(rows, dual.Columns);
        try
        {
            nint first = 0;
            MatrixView<T>[] parts = new MatrixView<T>[features.Count];
            for (int i = 0; i < parts.Length; i++)
            {
                parts[i] = primal.View.SliceRows(first, features[i].Columns);
                first += features[i].Columns;
            }

            if (deltas is { } weights)
            {
                PrimalWeights.FromDual(backend, dual, weights, features, parts, cancellation);
            }
            else
            {
                PrimalWeights.FromDual(backend, dual, features[0], parts[0], cancellation);
            }

            return primal;
        }
        catch
        {
            primal.Dispose();
            throw;
        }
    }
}
