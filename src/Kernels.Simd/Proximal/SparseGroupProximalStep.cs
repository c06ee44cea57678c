using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// One proximal step of the sparse group lasso, all of it while a group's piece of the matrices is in cache:
/// <code>
///            strip of targets
/// group 0  [ first pass: z = point - step (gradient - linear), u = soft(z) kept in gradient, |u|^2 summed by column ]
///          [ second pass: w = max(1 - threshold / |u|, 0) u; changes summed; point and weights written              ]
/// group 1  [ ...                                                                                                     ]
/// rest     [ rows of no group: both passes, with a factor of 1                                                       ]
/// </code>
/// Memory-bound: four (with momentum and a linear term) matrices are read and two written, once. Strips of
/// <see cref="Rows.StripColumns"/> targets are shared out over the threads; a column's sums run down the rows, so they
/// do not depend on the number of threads. Formulas and sources: <see cref="IBackend.SparseGroupProximalStep"/>.
/// </summary>
internal static unsafe class SparseGroupProximalStep<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>All matrices but thresholds, active and changes have contiguous rows.</summary>
    public static void Run(
        SimdContext context, T step, T momentum, ReadOnlySpan<int> groupEnds, MatrixView<T>? linear,
        MatrixView<T> thresholds, MatrixView<T> active, MatrixView<T> gradient, MatrixView<T> point,
        MatrixView<T> weights, MatrixView<double> changes)
    {
        fixed (int* ends = groupEnds)
        {
            Strips strips = new(
                step, momentum, ends, groupEnds.Length, linear, thresholds, active, gradient, point, weights, changes);
            int tasks = checked((int)((weights.Columns + Rows.StripColumns - 1) / Rows.StripColumns));
            context.Pool.For(tasks, ref strips);
        }
    }

    /// <summary>The loop over strips of targets.</summary>
    private readonly struct Strips(
        T step, T momentum, int* groupEnds, int groups, MatrixView<T>? linear, MatrixView<T> thresholds,
        MatrixView<T> active, MatrixView<T> gradient, MatrixView<T> point, MatrixView<T> weights,
        MatrixView<double> changes) : IParallelTasks
    {
        public void Run(int task)
        {
            nint first = (nint)task * Rows.StripColumns;
            int count = (int)Math.Min(Rows.StripColumns, weights.Columns - first);

            // Buffers are whole strips, so that the last vector of a partial strip finds room.
            T* rows = stackalloc T[4 * Rows.StripColumns];
            double* sums = stackalloc double[3 * Rows.StripColumns];
            Strip strip = new(step, momentum, count, linear, gradient, point, weights, first, rows, sums);
            strip.Load(thresholds, active);
            nint start = 0;
            for (int group = 0; group < groups; group++)
            {
                nint end = groupEnds[group];
                strip.Threshold(start, end);
                strip.ShrinkGroup();
                strip.Advance(start, end);
                start = end;
            }

            strip.Threshold(start, weights.Rows);
            strip.KeepUngrouped();
            strip.Advance(start, weights.Rows);
            strip.Store(changes.SliceColumns(first, count));
        }
    }

    /// <summary>
    /// Some targets: pointers to their columns, and a row of numbers for each quantity that a target has one of.
    /// </summary>
    private readonly ref struct Strip
    {
        private readonly T _step;
        private readonly T _momentum;
        private readonly int _columns;
        private readonly nint _first;
        private readonly MatrixView<T>? _linear;
        private readonly MatrixView<T> _gradient;
        private readonly MatrixView<T> _point;
        private readonly MatrixView<T> _weights;
        private readonly T* _soft;
        private readonly T* _group;
        private readonly T* _active;
        private readonly T* _factors;
        private readonly double* _squares;
        private readonly double* _changes;
        private readonly double* _norms;

        public Strip(
            T step, T momentum, int columns, MatrixView<T>? linear, MatrixView<T> gradient, MatrixView<T> point,
            MatrixView<T> weights,
            nint first, T* rows, double* sums)
        {
            (_step, _momentum, _columns, _first) = (step, momentum, columns, first);
            (_linear, _gradient, _point, _weights) = (linear, gradient, point, weights);
            _soft = rows;
            _group = rows + Rows.StripColumns;
            _active = rows + (2 * Rows.StripColumns);
            _factors = rows + (3 * Rows.StripColumns);
            _squares = sums;
            _changes = sums + Rows.StripColumns;
            _norms = sums + (2 * Rows.StripColumns);
        }

        public void Load(MatrixView<T> thresholds, MatrixView<T> active)
        {
            new Span<T>(_soft, 4 * Rows.StripColumns).Clear();
            new Span<double>(_squares, 3 * Rows.StripColumns).Clear();
            for (int j = 0; j < _columns; j++)
            {
                _soft[j] = thresholds[0, _first + j];
                _group[j] = thresholds[1, _first + j];
                _active[j] = active[0, _first + j];
            }
        }

        /// <summary>Rows start to end of u take the place of the gradient; squares = sums of u^2.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Threshold(nint start, nint end)
        {
            new Span<double>(_squares, Rows.StripColumns).Clear();
            V step = S.Broadcast(-_step);
            for (nint i = start; i < end; i++)
            {
                T* gradient = Row(_gradient, i);
                T* linear = _linear is { } view ? Row(view, i) : null;
                T* point = Row(_point, i);
                int j = 0;
                for (; j + S.Width <= _columns; j += S.Width)
                {
                    V slope = S.Load(gradient + j);
                    slope = linear is null ? slope : S.Subtract(slope, S.Load(linear + j));
                    V u = Soft(S.MultiplyAdd(step, slope, S.Load(point + j)), S.Load(_soft + j));
                    S.Store(gradient + j, u);
                    S.AddToDoubles(S.Multiply(u, u), _squares + j);
                }

                int tail = _columns - j;
                if (tail > 0)
                {
                    V slope = S.LoadPartial(gradient + j, tail);
                    slope = linear is null ? slope : S.Subtract(slope, S.LoadPartial(linear + j, tail));
                    V u = Soft(S.MultiplyAdd(step, slope, S.LoadPartial(point + j, tail)), S.Load(_soft + j));
                    S.StorePartial(gradient + j, u, tail);
                    S.AddToDoubles(S.Multiply(u, u), _squares + j);
                }
            }
        }

        /// <summary>factors = max(1 - threshold / |u_g|, 0).</summary>
        public void ShrinkGroup()
        {
            for (int j = 0; j < _columns; j++)
            {
                double norm = Math.Sqrt(_squares[j]);
                double threshold = double.CreateTruncating(_group[j]);
                _factors[j] = norm <= threshold ? T.Zero : T.CreateTruncating(1 - (threshold / norm));
            }
        }

        /// <summary>factors = 1.</summary>
        public void KeepUngrouped() => new Span<T>(_factors, _columns).Fill(T.One);

        /// <summary>Rows start to end of weights and point move on, from u and the factors.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Advance(nint start, nint end)
        {
            V momentum = S.Broadcast(_momentum);
            for (nint i = start; i < end; i++)
            {
                T* u = Row(_gradient, i);
                T* point = Row(_point, i);
                T* weights = Row(_weights, i);
                int j = 0;
                for (; j + S.Width <= _columns; j += S.Width)
                {
                    V before = S.Load(weights + j);
                    V active = S.Load(_active + j);
                    V w = S.SelectLess(S.Zero, active, S.Multiply(S.Load(_factors + j), S.Load(u + j)), before);
                    V change = S.Subtract(w, before);
                    V next = S.MultiplyAdd(momentum, change, w);
                    S.Store(weights + j, w);
                    S.Store(point + j, S.SelectLess(S.Zero, active, next, S.Load(point + j)));
                    AddSquares(j, change, S.Multiply(active, w));
                }

                int tail = _columns - j;
                if (tail > 0)
                {
                    V before = S.LoadPartial(weights + j, tail);
                    V active = S.Load(_active + j);
                    V w = S.SelectLess(
                        S.Zero, active, S.Multiply(S.Load(_factors + j), S.LoadPartial(u + j, tail)), before);
                    V change = S.Subtract(w, before);
                    V next = S.MultiplyAdd(momentum, change, w);
                    S.StorePartial(weights + j, w, tail);
                    S.StorePartial(point + j, S.SelectLess(S.Zero, active, next, S.LoadPartial(point + j, tail)), tail);
                    AddSquares(j, change, S.Multiply(active, w));
                }
            }
        }

        public void Store(MatrixView<double> changes)
        {
            for (int j = 0; j < _columns; j++)
            {
                changes[0, j] = _changes[j];
                changes[1, j] = _norms[j];
            }
        }

        private void AddSquares(int column, V change, V weights)
        {
            S.AddToDoubles(S.Multiply(change, change), _changes + column);
            S.AddToDoubles(S.Multiply(weights, weights), _norms + column);
        }

        private T* Row(MatrixView<T> view, nint i) => view.Pointer + (i * view.RowStride) + _first;

        /// <summary>sign(z) max(|z| - threshold, 0); NaN stays.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Soft(V z, V threshold)
        {
            V left = S.Subtract(S.CopySign(z, S.Broadcast(T.One)), threshold);
            return S.CopySign(S.SelectLess(left, S.Zero, S.Zero, left), z);
        }
    }
}
