using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VemKernels.Benchmark.Roofs;
using VemKernels.Simd;

namespace VemKernels.Bench.Roofs;

/// <summary>
/// The highest rate of fused multiply-adds from registers alone: what no kernel of an instruction set can exceed.
/// </summary>
internal static unsafe class FmaPeak
{
    /// <summary>
    /// Independent sums: over latency times throughput of today's cores (4 x 2), and few enough for 16 registers.
    /// </summary>
    private const int Chains = 12;

    /// <summary>
    /// About a millisecond of work: less than a time slice, so that on a busy machine some trials run undisturbed.
    /// </summary>
    private const int Rounds = 500_000;

    private const int Trials = 60;

    private const int FlopsPerMultiplyAdd = 2;

    /// <summary>Flops a second of all threads together: the best of many short trials.</summary>
    public static double Measure<T>(InstructionSet set, WorkerPool pool)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => set switch
        {
            InstructionSet.Avx512 => Measure<Simd512<T>, Vector512<T>, T>(pool),
            InstructionSet.Avx2 => Measure<Simd256<T>, Vector256<T>, T>(pool),
            _ => Measure<Simd128<T>, Vector128<T>, T>(pool),
        };

    private static double Measure<S, V, T>(WorkerPool pool)
        where S : struct, ISimd<V, T>
        where V : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] sinks = new T[pool.Threads];
        double shortest = double.PositiveInfinity;
        for (int trial = 0; trial < Trials; trial++)
        {
            shortest = Math.Min(shortest, Lockstep.Time(pool, thread => sinks[thread] = Run<S, V, T>(Rounds)));
        }

        return (double)pool.Threads * Rounds * Chains * S.Width * FlopsPerMultiplyAdd / shortest;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Run<S, V, T>(int rounds)
        where S : struct, ISimd<V, T>
        where V : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // x = x factor + step tends to 2 step: neither overflow nor denormal numbers, whose speed differs.
        V factor = S.Broadcast(T.CreateTruncating(0.5));
        V step = S.Broadcast(T.One);
        V a = step, b = step, c = step, d = step, e = step, f = step, g = step, h = step, i = step, j = step, k = step, l = step;
        for (int round = 0; round < rounds; round++)
        {
            a = S.MultiplyAdd(a, factor, step);
            b = S.MultiplyAdd(b, factor, step);
            c = S.MultiplyAdd(c, factor, step);
            d = S.MultiplyAdd(d, factor, step);
            e = S.MultiplyAdd(e, factor, step);
            f = S.MultiplyAdd(f, factor, step);
            g = S.MultiplyAdd(g, factor, step);
            h = S.MultiplyAdd(h, factor, step);
            i = S.MultiplyAdd(i, factor, step);
            j = S.MultiplyAdd(j, factor, step);
            k = S.MultiplyAdd(k, factor, step);
            l = S.MultiplyAdd(l, factor, step);
        }

        V first = S.Add(S.Add(S.Add(a, b), S.Add(c, d)), S.Add(e, f));
        V second = S.Add(S.Add(S.Add(g, h), S.Add(i, j)), S.Add(k, l));
        return S.Sum(S.Add(first, second));
    }
}
