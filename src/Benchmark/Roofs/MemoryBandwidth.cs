using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VemKernels.Simd;

namespace VemKernels.Benchmark.Roofs;

/// <summary>
/// Memory bandwidth of all threads together on arrays that no cache holds, counted as STREAM counts (McCalpin 1995):
/// bytes that the program names; that a store reads its line first is not counted.
/// </summary>
internal sealed unsafe class MemoryBandwidth : IDisposable
{
    /// <summary>128 MiB an array: three of them are several times a last-level cache.</summary>
    public const nint DefaultElements = 16 << 20;

    private readonly nint _elements;
    private readonly WorkerPool _pool;
    private readonly InstructionSet _set;
    private readonly Matrix<double> _a;
    private readonly Matrix<double> _b;
    private readonly Matrix<double> _c;

    /// <summary>Allocates and fills the arrays.</summary>
    /// <param name="set">Vectors to use.</param>
    /// <param name="pool">Threads to use.</param>
    /// <param name="elements">Doubles in each of three arrays.</param>
    public MemoryBandwidth(InstructionSet set, WorkerPool pool, nint elements = DefaultElements)
    {
        _set = set;
        _pool = pool;
        _elements = elements;
        _a = new(1, elements);
        _b = new(1, elements);
        _c = new(1, elements);
        _b.View.Fill(1);
        _c.View.Fill(2);
    }

    /// <summary>Bytes a second, once measured: sum b.</summary>
    public double Read() => Rate(1, (first, count) => Run(Pass.Read, first, count));

    /// <summary>Bytes a second, once measured: a = b.</summary>
    public double Copy() => Rate(2, (first, count) => Run(Pass.Copy, first, count));

    /// <summary>Bytes a second, once measured: a = b + s c.</summary>
    public double Triad() => Rate(3, (first, count) => Run(Pass.Triad, first, count));

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        _c.Dispose();
    }

    private double Rate(int arrays, Action<nint, nint> pass)
    {
        nint share = _elements / _pool.Threads;
        double seconds = Lockstep.Time(_pool, thread => pass(thread * share, share));
        return (double)arrays * share * _pool.Threads * sizeof(double) / seconds;
    }

    private void Run(Pass pass, nint first, nint count)
    {
        double* a = _a.View.Pointer + first;
        double* b = _b.View.Pointer + first;
        double* c = _c.View.Pointer + first;
        switch (_set)
        {
            case InstructionSet.Avx512:
                Run<Simd512<double>, Vector512<double>>(pass, a, b, c, count);
                break;
            case InstructionSet.Avx2:
                Run<Simd256<double>, Vector256<double>>(pass, a, b, c, count);
                break;
            default:
                Run<Simd128<double>, Vector128<double>>(pass, a, b, c, count);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<S, V>(Pass pass, double* a, double* b, double* c, nint count)
        where S : struct, ISimd<V, double>
        where V : struct
    {
        nint unrolled = 4 * S.Width;
        nint end = count - (count % unrolled);
        switch (pass)
        {
            case Pass.Read:
                V s0 = S.Zero, s1 = S.Zero, s2 = S.Zero, s3 = S.Zero;
                for (nint i = 0; i < end; i += unrolled)
                {
                    s0 = S.Add(s0, S.Load(b + i));
                    s1 = S.Add(s1, S.Load(b + i + S.Width));
                    s2 = S.Add(s2, S.Load(b + i + (2 * S.Width)));
                    s3 = S.Add(s3, S.Load(b + i + (3 * S.Width)));
                }

                a[0] = S.Sum(S.Add(S.Add(s0, s1), S.Add(s2, s3)));
                break;
            case Pass.Copy:
                for (nint i = 0; i < end; i += S.Width)
                {
                    S.Store(a + i, S.Load(b + i));
                }

                break;
            default:
                V scale = S.Broadcast(3);
                for (nint i = 0; i < end; i += S.Width)
                {
                    S.Store(a + i, S.MultiplyAdd(scale, S.Load(c + i), S.Load(b + i)));
                }

                break;
        }
    }

    private enum Pass
    {
        Read,
        Copy,
        Triad,
    }
}
