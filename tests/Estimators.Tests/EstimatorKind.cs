using System.Numerics;

namespace VemKernels.Estimators.Tests;

/// <summary>An estimator, and what of a problem it is fitted to and predicts from.</summary>
internal sealed record EstimatorKind<T>(
    Estimator<T> Estimator, Func<Problem<T>, (IReadOnlyList<MatrixView<T>> Fit, IReadOnlyList<MatrixView<T>> New)> Inputs)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
