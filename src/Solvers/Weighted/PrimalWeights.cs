using System.Numerics;
using VemKernels.Solvers.Designs;
using VemKernels.Solvers.Weighted;

namespace VemKernels.Solvers;

/// <summary>Weights of features from dual weights of linear kernels: X' w, and exp(delta_i) X_i' w.</summary>
/// <remarks>
/// The features are those of the kernels that dual weights predict with: with an intercept the result predicts from
/// features as given, if the dual weights sum to zero, as fitted ones do.
/// </remarks>
public static class PrimalWeights
{
    /// <summary>Targets at a time.</summary>
    private const int Tile = 2048;

    /// <summary>X' w of one kernel.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="dual">Dual weights, samples x targets.</param>
    /// <param name="features">Training samples x features.</param>
    /// <param name="primal">Receives features x targets.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static void FromDual<T>(
        IBackend backend, InputMatrix<T> dual, InputMatrix<T> features, MatrixView<T> primal,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireShapes(dual, features, primal, nameof(features), nameof(primal));
        Compute(backend, dual, null, features, primal, cancellation);
    }

    /// <summary>exp(delta_i) X_i' w for each kernel i.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="dual">Dual weights, samples x targets.</param>
    /// <param name="deltas">Log kernel weights, kernels x targets, or kernels x 1 for all targets.</param>
    /// <param name="features">One matrix a kernel, training samples x features.</param>
    /// <param name="primal">One matrix a kernel, receives features x targets.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static void FromDual<T>(
        IBackend backend,
        MatrixView<T> dual,
        MatrixView<T> deltas,
        IReadOnlyList<MatrixView<T>> features,
        IReadOnlyList<MatrixView<T>> primal,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(features);
        FromDual(backend, dual, deltas, new InputMatrices<T>(features), primal, cancellation);
    }

    /// <summary>The same of matrices wherever they lie; see <see cref="InputMatrix{T}"/>.</summary>
    public static void FromDual<T>(
        IBackend backend,
        InputMatrix<T> dual,
        MatrixView<T> deltas,
        InputMatrices<T> features,
        IReadOnlyList<MatrixView<T>> primal,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SolverArguments.RequireDeltas(deltas, features.Count, dual.Columns);
        if (primal.Count != features.Count)
        {
            throw new ArgumentException($"{primal.Count} results for {features.Count} feature spaces.", nameof(primal));
        }

        for (int i = 0; i < features.Count; i++)
        {
            RequireShapes(dual, features[i], primal[i], $"{nameof(features)}[{i}]", $"{nameof(primal)}[{i}]");
        }

        for (int i = 0; i < features.Count; i++)
        {
            Compute(backend, dual, deltas.SliceRows(i, 1), features[i], primal[i], cancellation);
        }
    }

    private static void RequireShapes<T>(
        InputMatrix<T> dual, InputMatrix<T> features, MatrixView<T> primal, string featuresName, string primalName)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputShapes.Require(features, dual.Rows, features.Columns, featuresName);
        Shapes.Require(primal, features.Columns, dual.Columns, primalName);
    }

    private static void Compute<T>(
        IBackend backend, InputMatrix<T> dual, MatrixView<T>? deltas, InputMatrix<T> features, MatrixView<T> primal,
        CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using DeviceOperand<T> X = features.Borrow(backend);
        using InputColumns<T> columns = new(backend, dual);
        using HostBuffer<T> host = new();
        new TileLoop(Tile, backend).Run(dual.Columns, (first, count) =>
        {
            using DeviceOperand<T> w = columns.Load(first, count);
            using DeviceLease<T> product = backend.Rent<T>(features.Columns, count);
            backend.Gemm(1, X.View.Transposed, w.View, 0, product.View);
            if (deltas is { } row)
            {
                MatrixView<T> weights = host.View(1, count);
                for (nint j = 0; j < count; j++)
                {
                    weights[0, j] = T.Exp(row[0, row.Columns == 1 ? 0 : first + j]);
                }

                using DeviceLease<T> factors = host.Upload(backend);
                backend.Scale(product.View, null, factors.View, product.View);
            }

            backend.Download(product.View, primal.SliceColumns(first, count));
        }, cancellation);
    }
}
