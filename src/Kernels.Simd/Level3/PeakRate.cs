using System.Diagnostics;
using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// The rate of the micro-kernel on panels that never leave the first-level cache, on all threads at once: what the
/// multiply-add units give when nothing else is in the way.
/// </summary>
internal static unsafe class PeakRate<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Depth of the panels: both fit in 16 KiB at any width.</summary>
    private const int Depth = 64;

    /// <summary>Micro-tiles between two looks at the clock.</summary>
    private const int TilesAtOnce = 64;

    /// <summary>Length of a measurement.</summary>
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(5);

    /// <summary>Measurements; the best counts, as what others do to the machine only takes away.</summary>
    private const int Repeats = 5;

    public static double Measure(SimdContext context)
    {
        int mr = MicroKernel<S, V, T>.Rows;
        int nr = MicroKernel<S, V, T>.Columns;
        int threads = context.Pool.Threads;
        double best = 0;
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            long tiles = 0;
            long start = Stopwatch.GetTimestamp();
            context.Pool.For(threads, _ =>
            {
                using Scratch<T> buffer = context.Scratch.Rent<T>((Depth * (mr + nr)) + (mr * nr));
                buffer.Clear();
                T* b = buffer.Pointer;
                T* a = b + (Depth * nr);
                T* c = a + (Depth * mr);
                long done = 0;
                while (Stopwatch.GetElapsedTime(start) < Duration)
                {
                    for (int tile = 0; tile < TilesAtOnce; tile++)
                    {
                        MicroKernel<S, V, T>.Run(Depth, a, b, T.One, overwrite: true, c, nr);
                    }

                    done += TilesAtOnce;
                }

                Interlocked.Add(ref tiles, done);
            });
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            best = Math.Max(best, 2.0 * mr * nr * Depth * tiles / seconds);
        }

        return best;
    }
}
