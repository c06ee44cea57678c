using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>
/// A kernel for each of several feature spaces, which are columns of one feature matrix: each space has its own
/// preprocessing, fitted on the training samples, and its own kernel. himalaya's ColumnKernelizer; what it returns goes
/// into <see cref="MultipleKernelRidge"/>.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class ColumnKernelizer<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The name of the space of the columns that no space names.</summary>
    public const string RemainderName = "remainder";

    private readonly IBackend _backend;
    private readonly IReadOnlyList<KernelSpace<T>> _spaces;
    private readonly KernelPipeline<T>? _remainder;
    private FittedSpace<T>[]? _fitted;
    private nint _features;

    /// <summary>Describes the spaces.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="spaces">The spaces, in the order of the kernels.</param>
    /// <param name="remainder">
    /// What is done with the columns that no space names, as a last space "remainder"; null drops them.
    /// </param>
    /// <exception cref="ArgumentException">Two spaces of the same name, or a weight that is not finite.</exception>
    public ColumnKernelizer(IBackend backend, IReadOnlyList<KernelSpace<T>> spaces, KernelPipeline<T>? remainder = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(spaces);
        HashSet<string> names = remainder is null ? [] : [RemainderName];
        foreach (KernelSpace<T> space in spaces)
        {
            if (!names.Add(space.Name))
            {
                throw new ArgumentException($"There are two feature spaces named '{space.Name}'.", nameof(spaces));
            }

            RequireWeight(space.Pipeline, space.Name, nameof(spaces));
        }

        RequireWeight(remainder, RemainderName, nameof(remainder));
        _backend = backend;
        _spaces = [.. spaces];
        _remainder = remainder;
    }

    /// <summary>The names of the spaces that have kernels, in their order.</summary>
    /// <exception cref="InvalidOperationException">There was no fit.</exception>
    public IReadOnlyList<string> Names => [.. Fitted.Select(space => space.Name)];

    /// <summary>The columns of each space that has a kernel, counted from 0.</summary>
    /// <exception cref="InvalidOperationException">There was no fit.</exception>
    public IReadOnlyList<IReadOnlyList<int>> Columns => [.. Fitted.Select(space => space.Columns)];

    /// <summary>What is done with the columns of each space that has a kernel.</summary>
    /// <exception cref="InvalidOperationException">There was no fit.</exception>
    public IReadOnlyList<KernelPipeline<T>> Pipelines => [.. Fitted.Select(space => space.Pipeline)];

    /// <summary>
    /// The training features of each space as its kernel saw them: what primal weights are of. null of a precomputed
    /// kernel.
    /// </summary>
    /// <exception cref="InvalidOperationException">There was no fit.</exception>
    public IReadOnlyList<MatrixView<T>?> XFit => [.. Fitted.Select(space => space.XFit)];

    private FittedSpace<T>[] Fitted =>
        _fitted ?? throw new InvalidOperationException("The column kernelizer was not fitted.");

    /// <summary>Fits every space, without their kernels.</summary>
    /// <param name="X">training samples x columns.</param>
    /// <param name="cancellation">Stops the work before the next space.</param>
    /// <exception cref="ArgumentException">As of <see cref="FitTransform"/>.</exception>
    public void Fit(MatrixView<T> X, CancellationToken cancellation = default)
    {
        FiniteCheck.Require(X, nameof(X), cancellation);
        FitSpaces(X, Plan(checked((int)X.Columns)), (space, _) =>
        {
            cancellation.ThrowIfCancellationRequested();
            space.Fit(X);
        });
    }

    /// <summary>
    /// Fits every space and returns their kernels, training samples x training samples each; the caller disposes them.
    /// </summary>
    /// <param name="X">training samples x columns.</param>
    /// <param name="cancellation">Stops the work before the next tile of a kernel.</param>
    /// <exception cref="ArgumentException">
    /// A column that does not exist, a space without columns, NaN or infinity, no kernel at all.
    /// </exception>
    public StackedKernels<T> FitTransform(MatrixView<T> X, CancellationToken cancellation = default)
    {
        FiniteCheck.Require(X, nameof(X), cancellation);
        (string Name, int[] Columns, KernelPipeline<T> Pipeline)[] plan = Plan(checked((int)X.Columns));
        StackedKernels<T> kernels = new([.. plan.Select(space => space.Name)], X.Rows, X.Rows);
        try
        {
            FitSpaces(X, plan, (space, index) => space.FitTransform(X, kernels[index], cancellation));
            return kernels;
        }
        catch
        {
            kernels.Dispose();
            throw;
        }
    }

    /// <summary>The kernels between new samples and the training samples; the caller disposes them.</summary>
    /// <param name="X">new samples x columns.</param>
    /// <param name="cancellation">Stops the work before the next tile of a kernel.</param>
    /// <exception cref="InvalidOperationException">There was no fit.</exception>
    /// <exception cref="ArgumentException">Another number of columns than in the fit, NaN or infinity.</exception>
    public StackedKernels<T> Transform(MatrixView<T> X, CancellationToken cancellation = default)
    {
        FittedSpace<T>[] fitted = Fitted;
        Shapes.Require(X, X.Rows, _features, nameof(X));
        FiniteCheck.Require(X, nameof(X), cancellation);
        StackedKernels<T> kernels = new(Names, X.Rows, fitted[0].TrainingSamples);
        try
        {
            for (int i = 0; i < fitted.Length; i++)
            {
                fitted[i].Transform(X, kernels[i], cancellation);
            }

            return kernels;
        }
        catch
        {
            kernels.Dispose();
            throw;
        }
    }

    /// <summary>Frees the training features.</summary>
    public void Dispose()
    {
        foreach (FittedSpace<T> space in _fitted ?? [])
        {
            space.Dispose();
        }

        _fitted = null;
    }

    /// <summary>Fits the spaces one by one, in place of those of an earlier fit, which stay where one fails.</summary>
    private void FitSpaces(
        MatrixView<T> X, (string Name, int[] Columns, KernelPipeline<T> Pipeline)[] plan, Action<FittedSpace<T>, int> fit)
    {
        List<FittedSpace<T>> fitted = [];
        try
        {
            foreach ((string name, int[] columns, KernelPipeline<T> pipeline) in plan)
            {
                FittedSpace<T> space = new(_backend, name, columns, pipeline);
                fitted.Add(space);
                fit(space, fitted.Count - 1);
            }
        }
        catch
        {
            fitted.ForEach(space => space.Dispose());
            throw;
        }

        Dispose();
        _fitted = [.. fitted];
        _features = X.Columns;
    }

    private static void RequireWeight(KernelPipeline<T>? pipeline, string space, string name)
    {
        if (pipeline is not null && !double.IsFinite(pipeline.Weight))
        {
            throw new ArgumentException(
                $"The weight of feature space '{space}' is {pipeline.Weight:G6}; expected a finite number.", name);
        }
    }

    /// <summary>The spaces that have kernels, with their columns.</summary>
    private (string Name, int[] Columns, KernelPipeline<T> Pipeline)[] Plan(int columns)
    {
        List<(string Name, int[] Columns, KernelPipeline<T> Pipeline)> plan = [];
        HashSet<int> named = [];
        foreach (KernelSpace<T> space in _spaces)
        {
            int[] its = space.Columns.Resolve(columns, space.Name);
            named.UnionWith(its);
            if (space.Pipeline is { } pipeline)
            {
                plan.Add((space.Name, its, pipeline));
            }
        }

        int[] rest = [.. Enumerable.Range(0, columns).Where(j => !named.Contains(j))];
        if (_remainder is not null && rest.Length > 0)
        {
            plan.Add((RemainderName, rest, _remainder));
        }

        return plan.Count > 0
            ? [.. plan]
            : throw new ArgumentException("All columns are dropped: there is no kernel.", "spaces");
    }
}
