using System.Numerics;

namespace VemKernels;

/// <content>
/// Products of several kernels restricted to some rows and columns (the splits of cross-validation, named by index
/// lists and never gathered), each target with weights of its own; and the column operations of iterative solvers.
/// </content>
public partial interface IBackend
{
    /// <summary>
    /// result = sum over i of weights(i, :) . (K_i W), K_i(r, c) = Ks(rows[r], i n + columns[c]) - offsets(0, i n +
    /// columns[c]): Ks is n x (m n), m kernels side by side; weights m x t; W |columns| x t; result |rows| x t. No
    /// array of kernels x samples x targets is made.
    /// </summary>
    /// <param name="Ks">The kernels, n x (m n).</param>
    /// <param name="rows">Rows to take of each kernel.</param>
    /// <param name="columns">Columns to take of each kernel.</param>
    /// <param name="offsets">
    /// Subtracted from each row, 1 x (m n): means of the training rows, which centre the kernels; null for zeros.
    /// </param>
    /// <param name="weights">Weights of kernels, m x t.</param>
    /// <param name="W">Right-hand side, |columns| x t.</param>
    /// <param name="result">Receives |rows| x t.</param>
    void IndexedKernelProduct<T>(
        DeviceView<T> Ks, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, DeviceView<T>? offsets,
        DeviceView<T> weights, DeviceView<T> W,
        DeviceView<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// Products by kernel, reduced. With P_i = weights(i, :) . (K_i W), the K_i as in <see
    /// cref="IndexedKernelProduct"/>, for each target: predictions = sum_i P_i; residual r = predictions - Y;
    /// gradient(i) = P_i' r; hessian(i m + k) = P_i' P_k, plus P_i' r where i = k: the derivatives of |r|^2 / 2 by the
    /// logarithms of the weights with W fixed. Sums over rows are in double.
    /// </summary>
    /// <param name="Ks">The kernels, n x (m n).</param>
    /// <param name="rows">Rows to take of each kernel.</param>
    /// <param name="columns">Columns to take of each kernel.</param>
    /// <param name="offsets">Subtracted from each row, 1 x (m n); null for zeros.</param>
    /// <param name="weights">Weights of kernels, m x t.</param>
    /// <param name="W">Dual weights, |columns| x t.</param>
    /// <param name="Y">What is predicted, |rows| x t.</param>
    /// <param name="predictions">Receives |rows| x t.</param>
    /// <param name="gradient">Receives m x t.</param>
    /// <param name="hessian">Receives (m m) x t.</param>
    void KernelProductMoments<T>(
        DeviceView<T> Ks, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, DeviceView<T>? offsets,
        DeviceView<T> weights, DeviceView<T> W,
        DeviceView<T> Y, DeviceView<T> predictions, DeviceView<double> gradient, DeviceView<double> hessian)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// dots(i, j) = sum over rows of P_i(:, j) V(:, j), P_i as in <see cref="KernelProductMoments"/>, summed in double:
    /// V is |rows| x t, dots m x t.
    /// </summary>
    void KernelProductDots<T>(
        DeviceView<T> Ks, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, DeviceView<T>? offsets,
        DeviceView<T> weights, DeviceView<T> W,
        DeviceView<T> V, DeviceView<double> dots)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Column j of the destination becomes column indices[j] of the source.</summary>
    void GatherColumns<T>(DeviceView<T> source, ReadOnlySpan<int> indices, DeviceView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// Column indices[j] of the destination becomes column j of the source; other columns stay. Indices do not repeat.
    /// </summary>
    void ScatterColumns<T>(DeviceView<T> source, ReadOnlySpan<int> indices, DeviceView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
