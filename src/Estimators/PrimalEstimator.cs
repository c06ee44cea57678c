using System.Numerics;

namespace VemKernels.Estimators;

/// <summary>What estimators with weights of features share.</summary>
/// <typeparam name="T">float or double.</typeparam>
public abstract class PrimalEstimator<T> : Estimator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string CoefArray = "coef";

    private protected PrimalEstimator(IBackend backend)
        : base(backend)
    {
    }

    /// <summary>Weights of the features as they were given, features of all spaces x targets.</summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> Coef => Fitted(CoefArray);

    /// <summary>Sets the sizes of a fit and makes memory for the weights.</summary>
    private protected static MatrixView<T> AllocateCoef(
        FittedModel<T> model, IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y)
    {
        RequireSpaces(X);
        model.Sizes = new ModelSizes
        {
            Samples = Y.Samples,
            Targets = Y.Targets,
            Spaces = X.Count,
            Features = [.. X.Select(x => (long)x.Columns)],
            ScoreRows = 0,
        };
        return model.Allocate(CoefArray, model.Sizes.TotalFeatures(), Y.Targets);
    }

    private protected override IEnumerable<ArrayShape> Layout(ModelSizes sizes) =>
        [.. base.Layout(sizes), new(CoefArray, sizes.TotalFeatures(), (nint)sizes.Targets)];

    private protected override bool Agrees(ModelSizes sizes) => sizes.Features.Count == sizes.Spaces;

    private protected override TilePredictor<T> CreatePredictor(
        IReadOnlyList<MatrixView<T>> X, CancellationToken cancellation)
    {
        RequireInputs(X, i => (nint)Sizes.Features[i]);
        return new PrimalPredictor<T>(Backend, X, Coef.View);
    }
}
