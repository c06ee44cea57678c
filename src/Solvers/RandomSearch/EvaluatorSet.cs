using System.Numerics;
using VemKernels.Solvers.CrossValidation;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>The evaluators of a grid of alphas, each set up when it is first asked for, by up to three ways.</summary>
/// <param name="backend">Where alphas are set up side by side.</param>
/// <param name="plan">How many at once, and the way for many targets.</param>
/// <param name="factory">Sets them up.</param>
/// <param name="alphas">The grid.</param>
/// <param name="meter">Told of the work.</param>
internal sealed class EvaluatorSet<T>(
    IBackend backend, WorkPlan plan, EvaluatorFactory<T> factory, double[] alphas, ProgressMeter meter) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlphaEvaluator<T>?[] _rough = new AlphaEvaluator<T>?[alphas.Length];
    private readonly AlphaEvaluator<T>?[] _exact = new AlphaEvaluator<T>?[alphas.Length];
    private readonly AlphaEvaluator<T>?[] _fast = new AlphaEvaluator<T>?[alphas.Length];

    /// <summary>For few targets, cheap to set up, perhaps of little accuracy: its <see
    /// cref="AlphaEvaluator{T}.Rounding"/> says so.</summary>
    public AlphaEvaluator<T> Rough(int alpha) =>
        _rough[alpha] ??= plan.HasRoughWay ? factory.CreateRough(alphas[alpha]) : factory.Create(alphas[alpha]);

    /// <summary>For few targets, accurate.</summary>
    public AlphaEvaluator<T> Exact(int alpha) =>
        Rough(alpha).Rounding == 0 ? Rough(alpha) : _exact[alpha] ??= factory.Create(alphas[alpha]);

    /// <summary>For many targets; as accurate as the rough one.</summary>
    public AlphaEvaluator<T> Fast(int alpha) =>
        IsFastItself(alpha) ? Rough(alpha) : _fast[alpha] ??= factory.Create(alphas[alpha]);

    /// <summary>Whether the rough evaluator of an alpha is the one for many targets, too.</summary>
    public bool IsFastItself(int alpha) =>
        !plan.HasRoughWay || plan.Way == CrossValidationWay.Residual || Rough(alpha).Rounding > 0;

    /// <summary>Sets up the rough evaluators of all alphas.</summary>
    public void PrepareRough() => Prepare([.. Enumerable.Range(0, alphas.Length)], alpha => Rough(alpha));

    /// <summary>Sets up the evaluators for many targets of some alphas.</summary>
    public void PrepareFast(int[] indices) => Prepare(indices, alpha => Fast(alpha));

    public void Dispose()
    {
        foreach (AlphaEvaluator<T>? evaluator in _rough.Concat(_exact).Concat(_fast))
        {
            evaluator?.Dispose();
        }
    }

    /// <summary>Side by side: each piece sets up, and writes, an alpha of its own.</summary>
    private void Prepare(int[] indices, Action<int> setUp)
    {
        meter.Enter("set-up of folds");
        for (int start = 0; start < indices.Length; start += plan.SetupsAtOnce)
        {
            int first = start;
            backend.ForEach(Math.Min(plan.SetupsAtOnce, indices.Length - start), i => setUp(indices[first + i]));
        }

        meter.Enter("cross-validation");
    }
}
