using System.Numerics;

namespace VemKernels;

/// <content>Pairwise kernels of features, and the centring of kernels between new and training samples.</content>
public partial interface IBackend
{
    /// <summary>
    /// K(i, j) = k(row i of A, row j of B). A is m x p, B n x p, K m x n. Where A and B are the same view, K is
    /// symmetric to the bit, the diagonal of the rbf kernel is exactly 1, that of the cosine kernel exactly 1, or 0 for
    /// rows of zeros.
    /// </summary>
    /// <remarks>
    /// The rbf kernel takes its distances between features from which one common row has been subtracted (which changes
    /// no distance), so that a large common mean costs no digits; data in double, in double. Of data in float,
    /// distances may be taken from products in float where that moves an element of K by at most 64 of float's epsilon
    /// (1.2e-7), as bounded for each element; others, close pairs among them unless gamma is small, have theirs in
    /// double. NaN in a row of A or B makes NaN of what depends on it.
    /// </remarks>
    void PairwiseKernel<T>(
        KernelFunction function, DeviceView<T> A, DeviceView<T> B, DeviceView<T> K,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// Centres, in place, a kernel between m samples and the n training samples, as if all features had been centred by
    /// the means of the training samples: K(i, j) += trainingMean - trainingColumnMeans(0, j) - mean of row i of K, in
    /// double, rounded once (Schoelkopf et al. 1998, appendix B). The means of the training kernel are 1 x n, and one
    /// number.
    /// </summary>
    void CenterKernel<T>(DeviceView<T> K, DeviceView<double> trainingColumnMeans, double trainingMean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// means(0, j) = mean of column j of A, summed in double and left so. The means of zero rows are zero.
    /// </summary>
    void ColumnMeansInDouble<T>(DeviceView<T> A, DeviceView<double> means)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
