using System.Numerics;
using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers.HyperGradient;

/// <summary>A hyper-gradient descent as the caller states it, checked.</summary>
internal sealed class DescentProblem<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public DescentProblem(
        Inputs<T> inputs, TargetSource<T> targets, IReadOnlyList<Fold> folds, HyperGradientOptions options,
        InitialDeltas<T> initial,
        MatrixView<T>? weights)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentNullException.ThrowIfNull(options);
        Inputs = inputs;
        Targets = targets;
        Folds = folds;
        Options = options;
        Initial = initial;
        Weights = weights;
        CheckShapes();
        CheckOptions();
        CheckInitial();
        Seed = options.Seed ?? System.Random.Shared.Next();
    }

    public Inputs<T> Inputs { get; }

    public TargetSource<T> Targets { get; }

    public IReadOnlyList<Fold> Folds { get; }

    public HyperGradientOptions Options { get; }

    public InitialDeltas<T> Initial { get; }

    /// <summary>The caller's memory for the weights.</summary>
    public MatrixView<T>? Weights { get; }

    /// <summary>The seed of all power iterations.</summary>
    public int Seed { get; }

    public int Kernels => Inputs.Spaces;

    public int Samples => (int)Inputs.Samples;

    public int TargetCount => (int)Targets.Targets;

    /// <summary>Rows of the table of scores.</summary>
    public int ScoreRows => Options.MaxIterations * Options.MaxInnerHyperIterations;

    /// <summary>Rows of the weights that are asked for.</summary>
    public nint WeightRows => Options.Weights switch
    {
        WeightKind.Dual => Inputs.Samples,
        WeightKind.Primal => Inputs.TotalFeatures,
        _ => 0,
    };

    /// <summary>The tolerance of conjugate gradient in an iteration.</summary>
    public double CgTolerance(int iteration) =>
        Options.CgTolerances.Count == 1 ? Options.CgTolerances[0] : Options.CgTolerances[iteration];

    /// <summary>Looks for NaN and infinity, where the options ask for it.</summary>
    public void CheckFinite(IBackend backend)
    {
        if (!Options.CheckFinite)
        {
            return;
        }

        for (int i = 0; i < Kernels; i++)
        {
            Inputs.KernelViews![i].RequireFinite($"kernels[{i}]");
            if (Inputs.FeatureViews is { } features)
            {
                features[i].RequireFinite($"features[{i}]");
            }
        }

        FiniteCheck.Require(backend, Targets, "targets");
        if (Initial.Dual is { } dual)
        {
            FiniteCheck.Require(dual, "initial");
        }
    }

    private void CheckShapes()
    {
        if (Targets.Samples != Inputs.Samples)
        {
            throw new ArgumentException(
                $"targets have {Targets.Samples} samples; the kernels have {Inputs.Samples}.", "targets");
        }

        if (Targets.Targets is 0 or > int.MaxValue || Inputs.Samples > int.MaxValue)
        {
            throw new ArgumentException(
                $"targets are {Targets.Samples} x {Targets.Targets}; expected 1 to 2^31 - 1 of both.", "targets");
        }

        if (Folds.Count == 0)
        {
            throw new ArgumentException("No split for cross-validation was given.", "folds");
        }

        foreach (Fold fold in Folds)
        {
            if (fold.Samples != Samples)
            {
                throw new ArgumentException(
                    $"A split indexes {fold.Samples} samples; the kernels have {Samples}.", "folds");
            }
        }

        if (Options.Weights == WeightKind.Primal && Inputs.FeatureViews is null)
        {
            throw new ArgumentException("Primal weights need the features behind the kernels.", "features");
        }

        if (Weights is { } memory)
        {
            Shapes.Require(memory, WeightRows, Targets.Targets, "weights");
        }
    }

    private void CheckOptions()
    {
        RequirePositive(Options.MaxIterations, nameof(Options.MaxIterations));
        RequirePositive(Options.MaxInnerDualIterations, nameof(Options.MaxInnerDualIterations));
        RequirePositive(Options.MaxInnerHyperIterations, nameof(Options.MaxInnerHyperIterations));
        if (Options.Tolerance is { } tolerance && !(tolerance > 0))
        {
            throw new ArgumentException($"Tolerance is {tolerance:G6}; expected a positive number or null.", "options");
        }

        if (Options.CgTolerances.Count != 1 && Options.CgTolerances.Count != Options.MaxIterations)
        {
            throw new ArgumentException(
                $"{Options.CgTolerances.Count} values of CgTolerances;"
                    + $"expected one, or one for each of {Options.MaxIterations} iterations.",
                "options");
        }

        if (Options.CgTolerances.Any(value => !(value > 0)))
        {
            throw new ArgumentException("CgTolerances must be positive.", "options");
        }
    }

    private static void RequirePositive(int value, string name)
    {
        if (value <= 0)
        {
            throw new ArgumentException($"{name} is {value}; expected at least 1.", "options");
        }
    }

    private void CheckInitial()
    {
        if (Initial.Deltas is { } deltas)
        {
            Shapes.Require(deltas, Kernels, Targets.Targets, "initial");
            for (nint i = 0; i < deltas.Rows; i++)
            {
                for (nint j = 0; j < deltas.Columns; j++)
                {
                    if (!T.IsFinite(T.Exp(deltas[i, j])))
                    {
                        throw new ArgumentException(
                            $"deltas({i}, {j}) is {deltas[i, j]}; its exponential is not finite.", "initial");
                    }
                }
            }
        }

        if (Initial.Dual is { } dual)
        {
            Shapes.Require(dual, Samples, Targets.Targets, "initial");
        }
    }
}
