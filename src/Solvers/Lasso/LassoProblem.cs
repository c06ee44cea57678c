using System.Numerics;

namespace VemKernels.Solvers.Lasso;

/// <summary>Features, responses, groups and settings of a sparse group lasso, checked.</summary>
internal sealed class LassoProblem<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public LassoProblem(
        InputMatrix<T> features, TargetSource<T> targets, ProximalGradientOptions options, MatrixView<T>? weights)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(options);
        if (features.Rows is 0 or > int.MaxValue || features.Columns is 0 or > int.MaxValue)
        {
            throw new ArgumentException(
                $"features are {features.Rows} x {features.Columns}; expected 1 to 2^31 - 1 of both.",
                nameof(features));
        }

        if (targets.Samples != features.Rows)
        {
            throw new ArgumentException(
                $"targets have {targets.Samples} samples; the features have {features.Rows}.", nameof(targets));
        }

        if (targets.Targets is 0 or > int.MaxValue)
        {
            throw new ArgumentException($"targets are {targets.Targets}; expected 1 to 2^31 - 1.", nameof(targets));
        }

        if (options.MaxIterations < 1)
        {
            throw new ArgumentException(
                $"MaxIterations is {options.MaxIterations}; expected at least 1.", nameof(options));
        }

        if (!(options.Tolerance >= 0))
        {
            throw new ArgumentException($"Tolerance is {options.Tolerance:G6}; expected 0 or more.", nameof(options));
        }

        if (weights is { } memory)
        {
            Shapes.Require(memory, features.Columns, targets.Targets, nameof(weights));
        }

        Features = features;
        Targets = targets;
        Options = options;
        Weights = weights;
        Groups = FeatureGroups.From(options, (int)features.Columns);
    }

    public InputMatrix<T> Features { get; }

    public TargetSource<T> Targets { get; }

    public ProximalGradientOptions Options { get; }

    public FeatureGroups Groups { get; }

    /// <summary>The caller's memory for the weights.</summary>
    public MatrixView<T>? Weights { get; }

    public int Samples => (int)Features.Rows;

    public int TargetCount => (int)Targets.Targets;

    /// <summary>Features that are not ignored.</summary>
    public int KeptFeatures => Groups.Order.Length;

    public void CheckFinite(IBackend backend, CancellationToken cancellation)
    {
        if (Options.CheckFinite)
        {
            Features.RequireFinite("features", cancellation);
            FiniteCheck.Require(backend, Targets, "targets", cancellation);
        }
    }
}
