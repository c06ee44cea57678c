using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// The secular equation of a merge of k slots, solved on all threads: k roots, and the components z^ whose exact roots
/// they are. Always in double.
/// </summary>
/// <typeparam name="X">The variable.</typeparam>
internal sealed unsafe class SecularSolution<X>(SimdContext context, int k, CancellationToken cancellation)
    : IDisposable
    where X : struct, ISecularVariable
{
    /// <summary>Roots or components in a task.</summary>
    private const int IndicesPerTask = 16;

    private readonly Scratch<double> _numbers = context.Scratch.Rent<double>(6 * (nint)k);

    /// <summary>The d of the kept slots, ascending.</summary>
    public double* Poles => _numbers.Pointer;

    /// <summary>The pole that each root is measured from.</summary>
    public double* Origins => _numbers.Pointer + k;

    /// <summary>The roots' distances from their origins.</summary>
    public double* Distances => _numbers.Pointer + (2 * (nint)k);

    /// <summary>The roots, ascending, rounded.</summary>
    public double* Roots => _numbers.Pointer + (3 * (nint)k);

    /// <summary>The components of z^.</summary>
    public double* Components => _numbers.Pointer + (4 * (nint)k);

    /// <summary>Solves for the k kept slots, listed by ascending d; d and z are by slot.</summary>
    public void Solve(List<int> kept, ReadOnlySpan<double> d, ReadOnlySpan<double> z, double rho)
    {
        double* weights = Components + k;
        for (int i = 0; i < k; i++)
        {
            Poles[i] = d[kept[i]];
            weights[i] = z[kept[i]];
        }

        ForEach(i =>
        {
            Distances[i] = SecularEquation<X>.Root(k, i, Poles, weights, rho, out int origin);
            Origins[i] = Poles[origin];
            Roots[i] = Origins[i] + Distances[i];
        });
        ForEach(i => Components[i] = SecularVectors<X, double>.Component(k, i, Poles, Origins, Distances, weights[i]));
    }

    /// <summary>Calls the body for each root, on all threads.</summary>
    public void ForEach(Action<int> body) =>
        context.Pool.For((k + IndicesPerTask - 1) / IndicesPerTask, task =>
        {
            cancellation.ThrowIfCancellationRequested();
            int stop = Math.Min(k, (task + 1) * IndicesPerTask);
            for (int i = task * IndicesPerTask; i < stop; i++)
            {
                body(i);
            }
        });

    public void Dispose() => _numbers.Dispose();
}
