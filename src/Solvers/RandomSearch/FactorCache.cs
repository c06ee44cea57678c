using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>A candidate's factorisation in the data's type: all that a refit needs.</summary>
/// <param name="Factors">Filters and flags; its Q in double may be gone.</param>
/// <param name="Q">n x r.</param>
/// <param name="Primal">p x r, or null.</param>
internal sealed record RoundedFactors<T>(
    SpectralFactorisation Factors, DeviceMatrix<T> Q, DeviceMatrix<T>? Primal) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static RoundedFactors<T> From(IBackend backend, SpectralFactorisation factors)
    {
        DeviceMatrix<T> q = backend.Allocate<T>(factors.Q.Rows, factors.Q.Columns);
        backend.Copy(factors.Q.View, q.View);
        DeviceMatrix<T>? primal = null;
        if (factors.Primal is not null)
        {
            primal = backend.Allocate<T>(factors.Primal.Rows, factors.Primal.Columns);
            backend.Copy(factors.Primal.View, primal.View);
        }

        return new RoundedFactors<T>(factors, q, primal);
    }

    public void Dispose()
    {
        Q.Dispose();
        Primal?.Dispose();
    }
}

/// <summary>
/// Factorisations kept from the search for the refit, as many as the budget allows; the others are computed again.
/// </summary>
internal sealed class FactorCache<T>(int capacity) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<int, RoundedFactors<T>> _kept = [];

    /// <summary>Takes the factors over, keeping or disposing them.</summary>
    public void Offer(int candidate, RoundedFactors<T> factors)
    {
        if (_kept.Count < capacity)
        {
            _kept.Add(candidate, factors);
        }
        else
        {
            factors.Dispose();
        }
    }

    /// <summary>Whether a candidate's factors are here.</summary>
    public bool Holds(int candidate) => _kept.ContainsKey(candidate);

    /// <summary>Hands the factors over, if they are here; the caller disposes them.</summary>
    public RoundedFactors<T>? Take(int candidate) =>
        _kept.Remove(candidate, out RoundedFactors<T>? factors) ? factors : null;

    /// <summary>Drops the factors of candidates that no target chose.</summary>
    public void KeepOnly(IReadOnlySet<int> candidates)
    {
        foreach (int candidate in _kept.Keys.Where(candidate => !candidates.Contains(candidate)).ToArray())
        {
            _kept[candidate].Dispose();
            _kept.Remove(candidate);
        }
    }

    public void Dispose()
    {
        foreach (RoundedFactors<T> factors in _kept.Values)
        {
            factors.Dispose();
        }

        _kept.Clear();
    }
}
