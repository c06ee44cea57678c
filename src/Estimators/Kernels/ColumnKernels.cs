using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// Kernels of columns of one matrix. Keeps a copy of that matrix, from which a loaded estimator fits its kernelizer
/// again.
/// </summary>
internal sealed class ColumnKernels<T>(IBackend backend, KernelColumns<T> columns) : KernelSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override bool Agrees(ModelSizes sizes) => sizes.Features.Count == 1;

    public override KernelSet<T> Training(
        FittedModel<T> model, IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y, bool checkFinite,
        CancellationToken cancellation)
    {
        if (X.Count != 1)
        {
            throw new ArgumentException($"{X.Count} matrices; kernels of columns are of one.", nameof(X));
        }

        Shapes.Require(X[0], Y.Samples, X[0].Columns, "X[0]");
        FiniteCheck.Require(X[0], "X[0]", cancellation);
        model.Kernelizer = new ColumnKernelizer<T>(backend, columns.Spaces, columns.Remainder);
        StackedKernels<T> kernels = model.Kernelizer.FitTransform(X[0], cancellation);
        model.Sizes = SizesOf(Y, kernels.Names.Count, [X[0].Columns]);
        model.Add(FeaturesArray(0), Matrix<T>.From(X[0]));
        return new KernelSet<T>(kernels.Views, [kernels]);
    }

    public override KernelSet<T> New(
        FittedModel<T> model, IReadOnlyList<MatrixView<T>> X, CancellationToken cancellation)
    {
        RequireNew(X, 1, _ => (nint)model.Sizes.Features[0]);
        FiniteCheck.Require(X[0], "X[0]", cancellation);
        StackedKernels<T> kernels = model.Kernelizer!.Transform(X[0], cancellation);
        return new KernelSet<T>(kernels.Views, [kernels]);
    }

    public override Matrix<T> Primal(
        FittedModel<T> model, MatrixView<T> dual, MatrixView<T>? deltas, IBackend backend,
        CancellationToken cancellation)
    {
        ColumnKernelizer<T> kernelizer = model.Kernelizer!;
        for (int i = 0; i < kernelizer.Names.Count; i++)
        {
            if (kernelizer.Pipelines[i].Kernel != PairwiseKernel.Linear)
            {
                throw new InvalidOperationException(
                    $"There are no weights of features: the kernel of space '{kernelizer.Names[i]}' is not linear.");
            }
        }

        MatrixView<T>[] features = [.. kernelizer.XFit.Select(view => view!.Value)];
        Matrix<T> primal = Primal(features, dual, deltas, backend, cancellation);
        nint first = 0;
        for (int i = 0; i < features.Length; i++)
        {
            nint count = features[i].Columns;
            Scale(primal.View.SliceRows(first, count), T.CreateTruncating(kernelizer.Pipelines[i].Weight));
            first += count;
        }

        return primal;
    }

    public override IReadOnlyList<SavedSpace> SavedSpaces(FittedModel<T> model)
    {
        ColumnKernelizer<T> kernelizer = model.Kernelizer!;
        return
        [
            .. kernelizer.Pipelines.Select((pipeline, i) => new SavedSpace
            {
                Name = kernelizer.Names[i],
                Columns = kernelizer.Columns[i],
                Kernel = pipeline.Preprocessing.Count == 0 && pipeline.Kernel.Function is null ? pipeline.Kernel : null,
                Weight = pipeline.Weight,
            }),
        ];
    }

    public override void Restore(FittedModel<T> model, IReadOnlyList<SavedSpace>? spaces)
    {
        model.Kernelizer = new ColumnKernelizer<T>(backend, columns.Spaces, columns.Remainder);
        model.Kernelizer.Fit(model.Arrays[FeaturesArray(0)].View);
        IReadOnlyList<SavedSpace> given = SavedSpaces(model);
        if (given.Count != spaces!.Count || !given.Zip(spaces).All(pair => Same(pair.First, pair.Second)))
        {
            throw new ArgumentException(
                $"The columns given are spaces {Describe(given)}; those saved are {Describe(spaces)}.",
                nameof(columns));
        }
    }

    private static bool Same(SavedSpace a, SavedSpace b) =>
        a.Name == b.Name && a.Weight.Equals(b.Weight) && a.Kernel == b.Kernel && a.Columns.SequenceEqual(b.Columns);

    private static string Describe(IReadOnlyList<SavedSpace> spaces) => string.Join("; ", spaces.Select(space =>
        $"'{space.Name}' ({space.Kernel?.Name ?? "not saved"}, weight {space.Weight:G6}) "
            + $"of columns {string.Join(",", space.Columns)}"));

    private static void Scale(MatrixView<T> weights, T factor)
    {
        for (nint i = 0; i < weights.Rows; i++)
        {
            foreach (ref T weight in weights.RowSpan(i))
            {
                weight *= factor;
            }
        }
    }
}
