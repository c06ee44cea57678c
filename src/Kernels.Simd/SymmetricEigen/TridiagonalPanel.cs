using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// One panel of the blocked Householder reduction (Dongarra, Sorensen and Hammarling, "Block reduction of matrices to
/// condensed forms", J. Comput. Appl. Math. 27, 1989; LAPACK's latrd, upper, on the transposed order). Row i of the
/// leading part, from the last row upward, is reduced by H = I - tau v v', v(i-1) = 1, and the two-sided update A - V
/// W' - W V' is kept aside:
/// <code>
///   a(i, 0..i)  -=  V W(i,:)' + W V(i,:)'                    what the panel's earlier reflectors do to row i, done late
///   v, tau, beta  from  a(i, 0..i-1)
///   y  =  A v - V (W' v) - W (V' v)                          A as it was when the panel began: two parallel loops
///   w  =  tau y - (tau^2 y'v / 2) v
///
///   panel storage, rows padded:   rows 0..k-1    v_0 v_1 ...     so that rows 0..2k are [V W]'
///                                 rows k..2k-1   w_0 w_1 ...     and rows k..3k are [W V]'
///                                 rows 2k..3k-1  v_0 v_1 ...
/// </code>
/// Tasks depend on sizes only, and partial sums are added in task order: the same bits for any number of threads.
/// </summary>
internal sealed unsafe class TridiagonalPanel<S, V, T> : IDisposable
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Reflectors in a panel.</summary>
    public const int Width = 64;

    /// <summary>Elements of the triangle for one task of the symmetric product: some microseconds of work.</summary>
    private const double ElementsPerTask = 32768;

    /// <summary>Most tasks of the symmetric product; each has a partial result to be added up.</summary>
    private const int MostProductTasks = 64;

    /// <summary>Earlier reflectors for one task of the panel's own products.</summary>
    private const int ReflectorsPerTask = 8;

    /// <summary>Columns for one task of the combination.</summary>
    private const int ColumnsPerTask = 512;

    /// <summary>Below this order a step is too short to wake another thread.</summary>
    private const int SerialOrder = 256;

    /// <summary>
    /// Numbers kept for each earlier reflector: its coefficients in y (of v, of w) and in the next row (of v, of w).
    /// </summary>
    private const int CoefficientsPerReflector = 4;

    private readonly SimdContext _context;
    private readonly T* _a;
    private readonly nint _stride;
    private readonly nint _panelStride;
    private readonly Scratch<T> _panel;
    private readonly Scratch<T> _diagonal;
    private readonly Scratch<T> _partials;
    private readonly Scratch<T> _partialDots;
    private readonly T* _coefficients;
    private readonly Scratch<T> _coefficientScratch;
    private readonly nint[] _taskEnds = new nint[MostProductTasks];
    private readonly Action<int> _multiply;
    private readonly Action<int> _combine;

    // The step in progress, read by its tasks.
    private nint _order;
    private int _earlier;
    private int _productTasks;
    private int _width;
    private T* _target;

    /// <summary>
    /// Prepares for the row-major matrix a of order n, whose rows are padded as <see cref="WorkShape"/> says.
    /// </summary>
    public TridiagonalPanel(SimdContext context, T* a, nint stride, nint n)
    {
        _context = context;
        _a = a;
        _stride = stride;
        _panelStride = WorkShape.Stride(n);
        _panel = context.Scratch.Rent<T>(3 * Width * _panelStride);
        _diagonal = context.Scratch.Rent<T>(WorkShape.Padded(n));
        _diagonal.Clear();
        _partials = context.Scratch.Rent<T>(ProductTasks(n) * _panelStride);
        _partialDots = context.Scratch.Rent<T>((n / ColumnsPerTask) + 1);
        _coefficientScratch = context.Scratch.Rent<T>(CoefficientsPerReflector * Width);
        _coefficients = _coefficientScratch.Pointer;
        _multiply = Multiply;
        _combine = Combine;
    }

    /// <summary>A sum of squares under which squares have begun to lose digits to underflow.</summary>
    private static double NegligibleSquares => typeof(T) == typeof(float) ? 1e-30 : 1e-290;

    /// <summary>
    /// The diagonal of the leading part, which <see cref="SetAsideDiagonal"/> took out of the matrix.
    /// </summary>
    public T* Diagonal => _diagonal.Pointer;

    /// <summary>[V W]', of which the first order columns count.</summary>
    public MatrixView<T> Left(int width, nint order) => Stacked(0, width, order);

    /// <summary>[W V]', of which the first order columns count.</summary>
    public MatrixView<T> Right(int width, nint order) => Stacked(width, width, order);

    /// <summary>
    /// Moves the diagonal of the leading part aside and writes zeros there and up to the end of the vectors that it
    /// lies in, as <see cref="SymmetricProduct{S, V, T}"/> wants it.
    /// </summary>
    public void SetAsideDiagonal(nint order)
    {
        nint padded = WorkShape.Padded(order);
        for (nint i = 0; i < order; i++)
        {
            T* row = _a + (i * _stride);
            _diagonal.Pointer[i] = row[i];
            nint end = Math.Min(padded, WorkShape.Padded(i + SymmetricProduct<S, V, T>.RowGroup));
            new Span<T>(row + i, (int)(end - i)).Clear();
        }
    }

    /// <summary>
    /// Reduces the last width rows of the leading part of that order. Row i receives v; d(i), e(i-1) and tau(i) are
    /// set.
    /// </summary>
    public void Reduce(nint order, int width, double* d, double* e, T* tau, CancellationToken cancellation)
    {
        for (int t = 0; t < width; t++)
        {
            cancellation.ThrowIfCancellationRequested();
            nint i = order - 1 - t;
            T* row = _a + (i * _stride);
            T* v = PanelRow(t);
            T* w = PanelRow(width + t);
            d[i] = double.CreateTruncating(_diagonal.Pointer[i] + row[i]);
            tau[i] = Reflect(row, i, out T beta);
            e[i - 1] = double.CreateTruncating(beta);
            nint length = WorkShape.Padded(i);
            new Span<T>(row, (int)length).CopyTo(new Span<T>(v, (int)length));
            new Span<T>(row, (int)length).CopyTo(new Span<T>(PanelRow((2 * width) + t), (int)length));

            bool hasNext = t + 1 < width;
            BeginStep(i, t, width, hasNext, w);
            Loop(_productTasks + ((t + ReflectorsPerTask - 1) / ReflectorsPerTask), _multiply);
            int combineTasks = (int)((length + ColumnsPerTask - 1) / ColumnsPerTask);
            Loop(combineTasks, _combine);
            T product = T.Zero;
            for (int task = 0; task < combineTasks; task++)
            {
                product += _partialDots.Pointer[task];
            }

            FinishStep(length, tau[i], product, v, w);
            if (hasNext)
            {
                UpdateRow(length, v, w, w[i - 1], row - _stride);
            }
        }
    }

    public void Dispose()
    {
        _panel.Dispose();
        _diagonal.Dispose();
        _partials.Dispose();
        _partialDots.Dispose();
        _coefficientScratch.Dispose();
    }

    private static int ProductTasks(nint order)
    {
        double elements = (double)order * order / 2;
        return (int)Math.Clamp(elements / ElementsPerTask, 1, MostProductTasks);
    }

    private T* PanelRow(int row) => _panel.Pointer + (row * _panelStride);

    private MatrixView<T> Stacked(int firstRow, int width, nint order) =>
        new(PanelRow(firstRow), 2 * width, order, _panelStride);

    /// <summary>
    /// The reflector that annihilates row(0 ... i-2); v overwrites the row, padded with zeros. Returns tau.
    /// </summary>
    private static T Reflect(T* row, nint i, out T beta)
    {
        T alpha = row[i - 1];
        T squares = VectorLoops<S, V, T>.Dot(i - 1, row, row);
        T tau = T.Zero;
        beta = alpha;

        // The matrix is scaled to a largest element near 1: what this drops is far under its rounding errors.
        if (squares < T.CreateTruncating(NegligibleSquares))
        {
            new Span<T>(row, (int)(i - 1)).Clear();
        }
        else
        {
            beta = -T.CopySign(T.Sqrt(squares + (alpha * alpha)), alpha);
            tau = (beta - alpha) / beta;
            VectorLoops<S, V, T>.Scale(i - 1, T.One / (alpha - beta), row, row);
        }

        row[i - 1] = T.One;
        new Span<T>(row + i, (int)(WorkShape.Padded(i) - i)).Clear();
        return tau;
    }

    private void BeginStep(nint i, int t, int width, bool hasNext, T* target)
    {
        _order = i;
        _target = target;
        _earlier = t;
        _width = width;
        _productTasks = ProductTasks(i);
        for (int task = 0; task < _productTasks; task++)
        {
            nint end = WorkShape.Padded((nint)(i * Math.Sqrt((task + 1.0) / _productTasks)));
            _taskEnds[task] = task == _productTasks - 1 ? i : Math.Min(i, end);
        }

        for (int c = 0; c < t; c++)
        {
            T* numbers = _coefficients + (CoefficientsPerReflector * c);
            numbers[2] = hasNext ? PanelRow(width + c)[i - 1] : T.Zero;
            numbers[3] = hasNext ? PanelRow(c)[i - 1] : T.Zero;
        }
    }

    /// <summary>
    /// A task of the first loop: some rows of A v, or the products of v with some earlier reflectors.
    /// </summary>
    private void Multiply(int task)
    {
        T* v = PanelRow(_earlier);
        if (task < _productTasks)
        {
            nint first = task == 0 ? 0 : _taskEnds[task - 1];
            nint end = _taskEnds[task];
            T* y = _partials.Pointer + (task * _panelStride);
            new Span<T>(y, (int)WorkShape.Padded(end)).Clear();
            SymmetricProduct<S, V, T>.AddRows(_a, _stride, first, end, v, y);
            return;
        }

        int begin = (task - _productTasks) * ReflectorsPerTask;
        DotEarlier(begin, Math.Min(_earlier, begin + ReflectorsPerTask), v, WorkShape.Padded(_order));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void DotEarlier(int first, int end, T* v, nint length)
    {
        int w = S.Width;
        for (int c = first; c < end; c++)
        {
            T* vc = PanelRow(c);
            T* wc = PanelRow(_width + c);
            V v0 = S.Zero, v1 = S.Zero, w0 = S.Zero, w1 = S.Zero;
            for (nint j = 0; j < length; j += 2 * w)
            {
                V x0 = S.Load(v + j), x1 = S.Load(v + j + w);
                v0 = S.MultiplyAdd(S.Load(vc + j), x0, v0);
                v1 = S.MultiplyAdd(S.Load(vc + j + w), x1, v1);
                w0 = S.MultiplyAdd(S.Load(wc + j), x0, w0);
                w1 = S.MultiplyAdd(S.Load(wc + j + w), x1, w1);
            }

            T* numbers = _coefficients + (CoefficientsPerReflector * c);
            numbers[0] = S.Sum(S.Add(w0, w1));
            numbers[1] = S.Sum(S.Add(v0, v1));
        }
    }

    /// <summary>
    /// A task of the second loop: some columns of y, its part of y'v, and the same columns of the next row.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Combine(int task)
    {
        int w = S.Width;
        nint first = (nint)task * ColumnsPerTask;
        nint end = Math.Min(WorkShape.Padded(_order), first + ColumnsPerTask);
        T* v = PanelRow(_earlier);
        T* next = _a + ((_order - 1) * _stride);
        T* diagonal = _diagonal.Pointer;
        V dot = S.Zero;
        int partial = 0;
        for (nint j = first; j < end; j += 2 * w)
        {
            V x0 = S.Load(v + j), x1 = S.Load(v + j + w);
            V y0 = S.Multiply(S.Load(diagonal + j), x0), y1 = S.Multiply(S.Load(diagonal + j + w), x1);
            while (partial < _productTasks - 1 && _taskEnds[partial] <= j)
            {
                partial++;
            }

            for (int p = partial; p < _productTasks; p++)
            {
                T* y = _partials.Pointer + (p * _panelStride) + j;
                y0 = S.Add(y0, S.Load(y));
                y1 = S.Add(y1, S.Load(y + w));
            }

            V yv0 = S.Zero, yv1 = S.Zero, yw0 = S.Zero, yw1 = S.Zero;
            V nv0 = S.Zero, nv1 = S.Zero, nw0 = S.Zero, nw1 = S.Zero;
            T* vc = _panel.Pointer + j;
            T* wc = vc + (_width * _panelStride);
            T* numbers = _coefficients;
            for (int c = 0; c < _earlier; c++)
            {
                V a0 = S.Load(vc), a1 = S.Load(vc + w), b0 = S.Load(wc), b1 = S.Load(wc + w);
                V number = S.Broadcast(numbers[0]);
                yv0 = S.MultiplyAdd(a0, number, yv0);
                yv1 = S.MultiplyAdd(a1, number, yv1);
                number = S.Broadcast(numbers[1]);
                yw0 = S.MultiplyAdd(b0, number, yw0);
                yw1 = S.MultiplyAdd(b1, number, yw1);
                number = S.Broadcast(numbers[2]);
                nv0 = S.MultiplyAdd(a0, number, nv0);
                nv1 = S.MultiplyAdd(a1, number, nv1);
                number = S.Broadcast(numbers[3]);
                nw0 = S.MultiplyAdd(b0, number, nw0);
                nw1 = S.MultiplyAdd(b1, number, nw1);
                vc += _panelStride;
                wc += _panelStride;
                numbers += CoefficientsPerReflector;
            }

            y0 = S.Subtract(y0, S.Add(yv0, yw0));
            y1 = S.Subtract(y1, S.Add(yv1, yw1));
            S.Store(_target + j, y0);
            S.Store(_target + j + w, y1);
            dot = S.MultiplyAdd(y0, x0, S.MultiplyAdd(y1, x1, dot));
            S.Store(next + j, S.Subtract(S.Load(next + j), S.Add(nv0, nw0)));
            S.Store(next + j + w, S.Subtract(S.Load(next + j + w), S.Add(nv1, nw1)));
        }

        _partialDots.Pointer[task] = S.Sum(dot);
    }

    /// <summary>w = tau y - (tau^2 y'v / 2) v, over y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FinishStep(nint length, T tau, T product, T* v, T* w)
    {
        V scale = S.Broadcast(tau);
        V shift = S.Broadcast(-tau * tau * product / T.CreateTruncating(2));
        for (nint j = 0; j < length; j += S.Width)
        {
            S.Store(w + j, S.MultiplyAdd(shift, S.Load(v + j), S.Multiply(scale, S.Load(w + j))));
        }
    }

    /// <summary>row -= v wi + w, the newest reflector's share; v(i-1) is 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UpdateRow(nint length, T* v, T* w, T wi, T* row)
    {
        V minus = S.Broadcast(-wi);
        for (nint j = 0; j < length; j += S.Width)
        {
            S.Store(row + j, S.MultiplyAdd(minus, S.Load(v + j), S.Subtract(S.Load(row + j), S.Load(w + j))));
        }
    }

    private void Loop(int tasks, Action<int> body)
    {
        if (_order >= SerialOrder)
        {
            _context.Pool.For(tasks, body);
            return;
        }

        for (int task = 0; task < tasks; task++)
        {
            body(task);
        }
    }
}
