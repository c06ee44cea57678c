using System.Numerics;

namespace VemKernels;

/// <content>Proximal gradient descent.</content>
public partial interface IBackend
{
    /// <summary>
    /// One step of (accelerated) proximal gradient descent on the sparse group lasso, each column by itself:
    /// <code>
    /// z     = point - step (gradient - linear)
    /// u     = sign(z) max(|z| - thresholds(0, :), 0)                        element by element
    /// w_g   = max(1 - thresholds(1, :) / |u_g|, 0) u_g                      group by group; 0 where u_g is 0
    /// changes(0, :) = |w - weights|^2,  changes(1, :) = |w|^2               summed in double
    /// point = w + momentum (w - weights),  weights = w
    /// </code>
    /// Columns whose entry of active is 0 keep their point and weights, and have changes of 0.
    /// </summary>
    /// <remarks>
    /// Soft thresholding, then shrinkage of group norms: Simon, Friedman, Hastie and Tibshirani, "A sparse-group
    /// lasso", J. Comput. Graph. Stat. 22 (2013), section 3.2. Momentum: Beck and Teboulle, "A fast iterative
    /// shrinkage-thresholding algorithm", SIAM J. Imaging Sci. 2 (2009), equations 4.1 to 4.3.
    /// </remarks>
    /// <param name="step">Step size: one over the Lipschitz constant of the gradient.</param>
    /// <param name="momentum">Weight of the last change; 0 for the plain method.</param>
    /// <param name="groupEnds">
    /// Groups are runs of rows: group g is rows groupEnds[g - 1] (or 0) to groupEnds[g] - 1. Rows from the last end on
    /// are in no group: they are thresholded only.
    /// </param>
    /// <param name="linear">p x t: what is subtracted from the gradient, such as X'Y; null for zeros.</param>
    /// <param name="thresholds">2 x t: step times the l1 penalty; step times the l21 penalty. Not negative.</param>
    /// <param name="active">1 x t: 0 where a column is left alone, 1 elsewhere.</param>
    /// <param name="gradient">p x t; used as workspace, undefined afterwards.</param>
    /// <param name="point">p x t: where the gradient was taken; becomes where it is to be taken next.</param>
    /// <param name="weights">p x t: the weights before; become the weights after the step.</param>
    /// <param name="changes">2 x t, written.</param>
    void SparseGroupProximalStep<T>(
        double step, double momentum, ReadOnlySpan<int> groupEnds, DeviceView<T>? linear, DeviceView<T> thresholds,
        DeviceView<T> active,
        DeviceView<T> gradient, DeviceView<T> point, DeviceView<T> weights, DeviceView<double> changes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
