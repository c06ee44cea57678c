using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// The CPU backend. Its device memory is host memory: views of host memory are adopted without a copy.
/// </summary>
public sealed unsafe partial class SimdBackend : IBackend
{
    /// <summary>
    /// Targets at a time: some sub-tiles, so that the small matrices of cross-validation are read from memory rarely.
    /// </summary>
    private const int Tile = 3072;

    private readonly SimdContext _context;
    private readonly SimdKernels<float> _single;
    private readonly SimdKernels<double> _double;
    private readonly Workspace<float> _singleWorkspace;
    private readonly Workspace<double> _doubleWorkspace;

    /// <summary>Starts the backend.</summary>
    /// <param name="threads">How many threads work at once; 0 for one per processor.</param>
    /// <param name="instructionSet">The instruction set to use; null for the best at hand.</param>
    /// <exception cref="PlatformNotSupportedException">
    /// The machine, or the runtime's switches, lack the instruction set.
    /// </exception>
    public SimdBackend(int threads = 0, InstructionSet? instructionSet = null)
        : this(threads, instructionSet, Tile)
    {
    }

    /// <summary>The same with another number of targets at a time: for tests of what depends on it.</summary>
    internal SimdBackend(int threads, InstructionSet? instructionSet, int tile)
    {
        InstructionSet = instructionSet ?? InstructionSets.Best;
        if (InstructionSet > InstructionSets.Best)
        {
            throw new PlatformNotSupportedException(
                $"{InstructionSet} is not available here; the best is {InstructionSets.Best}.");
        }

        _context = new SimdContext(new WorkerPool(threads), new ScratchPool());
        _singleWorkspace = new Workspace<float>(this);
        _doubleWorkspace = new Workspace<double>(this);
        _single = SimdKernels<float>.For(InstructionSet);
        _double = SimdKernels<double>.For(InstructionSet);
        string set = InstructionSet switch
        {
            InstructionSet.Avx512 => "AVX-512",
            InstructionSet.Avx2 => "AVX2",
            _ => "Vector128",
        };
        Info = new BackendInfo(
            "simd", ProcessorInfo.Name(), set, _context.Pool.Threads, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            true, tile);
    }

    /// <summary>The instruction set in use.</summary>
    public InstructionSet InstructionSet { get; }

    /// <inheritdoc/>
    public BackendInfo Info { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _singleWorkspace.Dispose();
        _doubleWorkspace.Dispose();
        _context.Dispose();
    }

    /// <inheritdoc/>
    public int Concurrency => _context.Pool.Threads;

    /// <inheritdoc/>
    public void ForEach(int count, Action<int> body) => _context.Pool.For(count, body);

    /// <inheritdoc/>
    public DeviceMatrix<T> Allocate<T>(nint rows, nint columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireSupported<T>();
        return new SimdMatrix<T>(this, rows, columns);
    }

    /// <inheritdoc/>
    public DeviceMatrix<T>? TryAdopt<T>(ForeignMatrix<T> memory)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireSupported<T>();
        return memory.Space == MemorySpace.Host ? new SimdMatrix<T>(this, memory) : null;
    }

    /// <inheritdoc/>
    public void Upload<T>(MatrixView<T> source, DeviceView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(destination, source.Rows, source.Columns, nameof(destination));
        Kernels<T>().Copy(_context, source, Host(destination));
    }

    /// <inheritdoc/>
    public void Download<T>(DeviceView<T> source, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(destination, source.Rows, source.Columns, nameof(destination));
        Kernels<T>().Copy(_context, Host(source), destination);
    }

    /// <inheritdoc/>
    public void Copy<TSource, TDestination>(DeviceView<TSource> source, DeviceView<TDestination> destination)
        where TSource : unmanaged, IBinaryFloatingPointIeee754<TSource>
        where TDestination : unmanaged, IBinaryFloatingPointIeee754<TDestination>
    {
        Shapes.Require(destination, source.Rows, source.Columns, nameof(destination));
        if (typeof(TSource) == typeof(TDestination))
        {
            Kernels<TSource>().Copy(_context, Host(source), Same<TDestination, TSource>(Host(destination)));
        }
        else if (typeof(TDestination) == typeof(float))
        {
            Kernels<TSource>().ToSingle(_context, Host(source), Same<TDestination, float>(Host(destination)));
        }
        else
        {
            Kernels<TSource>().ToDouble(_context, Host(source), Same<TDestination, double>(Host(destination)));
        }
    }

    /// <inheritdoc/>
    public void Fill<T>(DeviceView<T> A, double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Kernels<T>().Fill(_context, Host(A), T.CreateTruncating(value));

    /// <inheritdoc/>
    public void GatherRows<T>(DeviceView<T> source, ReadOnlySpan<int> indices, DeviceView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(destination, indices.Length, source.Columns, nameof(destination));
        RowSelection<T>.Gather(Host(source), indices, Host(destination));
    }

    /// <inheritdoc/>
    public void AddScaled<T>(double alpha, DeviceView<T> A, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(B, A.Rows, A.Columns, nameof(B));
        Kernels<T>().AddScaled(_context, T.CreateTruncating(alpha), Host(A), Host(B));
    }

    /// <inheritdoc/>
    public void AddDiagonal<T>(DeviceView<T> A, double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> a = Host(A);
        for (nint i = 0; i < Math.Min(a.Rows, a.Columns); i++)
        {
            a[i, i] += T.CreateTruncating(value);
        }
    }

    /// <inheritdoc/>
    public void Scale<T>(DeviceView<T> A, DeviceView<T>? rowFactors, DeviceView<T>? columnFactors, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(B, A.Rows, A.Columns, nameof(B));
        using Scratch<T> rows = Vector(rowFactors, A.Rows, nameof(rowFactors));
        using Scratch<T> columns = Vector(columnFactors, A.Columns, nameof(columnFactors));
        Kernels<T>().Scale(
            _context, Host(A), rowFactors is null ? null : rows.Pointer, columnFactors is null ? null : columns.Pointer,
            Host(B));
    }

    /// <inheritdoc/>
    public void Multiply<T>(DeviceView<T> A, DeviceView<T> W, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(W, A.Rows, A.Columns, nameof(W));
        Shapes.Require(B, A.Rows, A.Columns, nameof(B));
        Kernels<T>().Multiply(_context, Host(A), Host(W), Host(B));
    }

    /// <inheritdoc/>
    public void Gemm<T>(double alpha, DeviceView<T> A, DeviceView<T> B, double beta, DeviceView<T> C)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(B, A.Columns, C.Columns, nameof(B));
        Shapes.Require(C, A.Rows, B.Columns, nameof(C));
        Kernels<T>().Gemm(_context, T.CreateTruncating(alpha), Host(A), Host(B), T.CreateTruncating(beta), Host(C));
    }

    /// <inheritdoc/>
    public void Syrk<T>(double alpha, DeviceView<T> A, double beta, DeviceView<T> C)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(C, A.Rows, A.Rows, nameof(C));
        Kernels<T>().Syrk(_context, T.CreateTruncating(alpha), Host(A), T.CreateTruncating(beta), Host(C));
    }

    /// <inheritdoc/>
    public void Trsm<T>(Triangle triangle, bool unitDiagonal, DeviceView<T> A, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.RequireSquare(A, nameof(A));
        Shapes.Require(B, A.Rows, B.Columns, nameof(B));
        Kernels<T>().Trsm(_context, triangle, unitDiagonal, Host(A), Host(B));
    }

    /// <inheritdoc/>
    public void Cholesky<T>(DeviceView<T> A, int count = 1, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint n = BatchOrder(A, count);
        cancellation.ThrowIfCancellationRequested();
        (SimdContext, SimdKernels<T>, MatrixView<T>, nint, CancellationToken) state =
            (_context, Kernels<T>(), Host(A), n, cancellation);
        ForBatch(count, state, static (on, b) =>
        {
            (SimdContext context, SimdKernels<T> kernels, MatrixView<T> a, nint n, CancellationToken cancellation) = on;
            kernels.Cholesky(context, a.SliceRows(b * n, n), b, cancellation);
        });
    }

    /// <inheritdoc/>
    public void CholeskyInverse<T>(DeviceView<T> A, int count = 1, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint n = BatchOrder(A, count);
        cancellation.ThrowIfCancellationRequested();
        (SimdContext, SimdKernels<T>, MatrixView<T>, nint, CancellationToken) state =
            (_context, Kernels<T>(), Host(A), n, cancellation);
        ForBatch(count, state, static (on, b) =>
        {
            (SimdContext context, SimdKernels<T> kernels, MatrixView<T> a, nint n, CancellationToken cancellation) = on;
            kernels.CholeskyInverse(context, a.SliceRows(b * n, n), cancellation);
        });
    }

    /// <inheritdoc/>
    public void SymmetricEigen<T>(
        DeviceView<T> A, DeviceView<T> w, int count = 1, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint n = BatchOrder(A, count);
        Shapes.Require(w, count, n, nameof(w));
        cancellation.ThrowIfCancellationRequested();
        using Dense<T> values = ReadDense(w);
        Kernels<T>().SymmetricEigen(_context, Host(A), values.View, count, cancellation);
        values.WriteBack();
    }

    /// <inheritdoc/>
    public void ThinSvd<T>(
        DeviceView<T> A, DeviceView<T> U, DeviceView<T> s, DeviceView<T> Vt, int count = 1,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        cancellation.ThrowIfCancellationRequested();
        using Dense<T> values = ReadDense(s);
        Kernels<T>().ThinSvd(_context, Host(A), Host(U), values.View, Host(Vt), count, cancellation);
        values.WriteBack();
    }

    /// <inheritdoc/>
    public double FrobeniusNorm<T>(DeviceView<T> A)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Dense<T> a = ReadDense(A);
        return Kernels<T>().FrobeniusNorm(_context, a.View);
    }

    /// <inheritdoc/>
    public void ColumnMeans<T>(DeviceView<T> A, DeviceView<T> means)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(means, 1, A.Columns, nameof(means));
        using Dense<T> a = ReadDense(A);
        Kernels<T>().ColumnMeans(_context, a.View, Host(means));
    }

    /// <inheritdoc/>
    public void SubtractRow<T>(DeviceView<T> A, DeviceView<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<T> values = Vector<T>(row, A.Columns, nameof(row));
        Kernels<T>().SubtractRow(_context, Host(A), values.Pointer);
    }

    /// <inheritdoc/>
    public void ZScoreColumns<T>(DeviceView<T> A)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Dense<T> a = ReadDense(A);
        Kernels<T>().ZScore(_context, a.View);
        a.WriteBack();
    }

    /// <inheritdoc/>
    public void CenterKernel<T>(DeviceView<T> K)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.RequireSquare(K, nameof(K));
        using Dense<T> k = ReadDense(K);
        Kernels<T>().CenterKernel(_context, k.View);
        k.WriteBack();
    }

    /// <inheritdoc/>
    public void Score<T>(ScoreKind kind, DeviceView<T> truth, DeviceView<T> predictions, DeviceView<double> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(predictions, truth.Rows, truth.Columns, nameof(predictions));
        Shapes.Require(scores, 1, truth.Columns, nameof(scores));
        using Dense<T> y = ReadDense(truth);
        using Dense<T> p = ReadDense(predictions);
        Kernels<T>().Score(_context, kind, y.View, p.View, Host(scores));
    }

    /// <inheritdoc/>
    public void SplitMoments<T>(DeviceView<T> truth, DeviceView<T> predictions, int spaces, DeviceView<double> moments)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(predictions, spaces * truth.Rows, truth.Columns, nameof(predictions));
        Shapes.Require(moments, 1 + spaces + (spaces * spaces), truth.Columns, nameof(moments));
        using Dense<T> y = ReadDense(truth);
        using Dense<T> p = ReadDense(predictions);
        Kernels<T>().SplitMoments(_context, y.View, p.View, spaces, Host(moments));
    }

    /// <inheritdoc/>
    public void TriangularSquaredNorms<T>(DeviceView<T> R, DeviceView<T> Y, DeviceView<double> norms)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.RequireSquare(R, nameof(R));
        Shapes.Require(Y, R.Columns, Y.Columns, nameof(Y));
        Shapes.Require(norms, 1, Y.Columns, nameof(norms));
        Kernels<T>().TriangularSquaredNorms(_context, Host(R), Host(Y), Host(norms));
    }

    /// <inheritdoc/>
    public void ResolutionScores<T>(
        IReadOnlyList<Fold> folds, DeviceView<T> P, DeviceView<T> Y, ScoreKind kind, DeviceView<double> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint rows = 0;
        for (int f = 0; f < folds.Count; f++)
        {
            rows += folds[f].Validation.Length;
        }

        ContractShapes.RequireSamples(folds, Y.Rows);
        Shapes.Require(P, rows, Y.Rows, nameof(P));
        Shapes.Require(scores, folds.Count, Y.Columns, nameof(scores));
        using Dense<T> y = ReadDense(Y);
        Kernels<T>().ResolutionScores(_context, folds, Host(P), y.View, kind, Host(scores));
    }

    /// <inheritdoc/>
    public void ResidualScores<T>(
        IReadOnlyList<Fold> folds, double yWeight, DeviceView<T> Q, DeviceView<T> filter, DeviceView<T> Z,
        DeviceView<T> Y,
        DeviceView<T> M, DeviceView<T>? N, ScoreKind kind, DeviceView<double> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ContractShapes.RequireResidualScores(folds, Q, Z, Y, M, N, scores);
        using Scratch<T> factors = Vector<T>(filter, Q.Columns, nameof(filter));
        using Dense<T> y = ReadDense(Y);
        MatrixView<T>? n = N is { } given ? Host(given) : null;
        Kernels<T>().ResidualScores(
            _context, folds, T.CreateTruncating(yWeight), Host(Q), factors.Pointer, Host(Z), y.View, Host(M), n, kind,
            Host(scores));
    }

    /// <inheritdoc/>
    public void WeightedKernelProduct<T>(DeviceView<T> Ks, DeviceView<T> weights, DeviceView<T> W, DeviceView<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(Ks, Ks.Rows, weights.Rows * W.Rows, nameof(Ks));
        Shapes.Require(weights, weights.Rows, W.Columns, nameof(weights));
        Shapes.Require(result, Ks.Rows, W.Columns, nameof(result));
        using Dense<T> factors = ReadDense(weights);
        Kernels<T>().WeightedKernelProduct(_context, Host(Ks), factors.View, Host(W), Host(result));
    }

    private static nint BatchOrder<T>(DeviceView<T> A, int count)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Shapes.Require(A, A.Columns * count, A.Columns, nameof(A));
        return A.Columns;
    }

    /// <summary>One matrix uses all threads inside; several take a thread each.</summary>
    private void ForBatch<TState>(int count, TState state, Action<TState, int> body)
    {
        if (count == 1)
        {
            body(state, 0);
            return;
        }

        _context.Pool.For(count, state, body);
    }

    private SimdKernels<T> Kernels<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? (SimdKernels<T>)(object)_single
        : typeof(T) == typeof(double) ? (SimdKernels<T>)(object)_double
        : throw Unsupported<T>();

    private static void RequireSupported<T>()
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            throw Unsupported<T>();
        }
    }

    private static NotSupportedException Unsupported<T>() =>
        new($"{typeof(T).Name}: this backend computes in float and double.");

    /// <summary>A view under another name of its element type, which is the same.</summary>
    private static MatrixView<TTo> Same<TFrom, TTo>(MatrixView<TFrom> view)
        where TFrom : unmanaged
        where TTo : unmanaged =>
        new((TTo*)view.Pointer, view.Rows, view.Columns, view.RowStride, view.ColumnStride, view.Owner);

    private MatrixView<T> Host<T>(DeviceView<T> view)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (view.Owner is not SimdMatrix<T> matrix || matrix.Backend != this)
        {
            throw new ArgumentException("The view belongs to another backend.", nameof(view));
        }

        return new MatrixView<T>(
            matrix.Pointer + view.Offset, view.Rows, view.Columns, view.RowStride, view.ColumnStride);
    }

    /// <summary>A row or column as a contiguous copy.</summary>
    private Scratch<T> Vector<T>(DeviceView<T>? vector, nint count, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (vector is not { } given)
        {
            return _context.Scratch.Rent<T>(0);
        }

        MatrixView<T> view = Host(given);
        if (view.Rows != 1 && view.Columns == 1)
        {
            view = view.Transposed;
        }

        Shapes.Require(view, 1, count, name);
        Scratch<T> copy = _context.Scratch.Rent<T>(count);
        view.CopyTo(copy.View(1, count));
        return copy;
    }

    /// <summary>The view itself where its rows are contiguous, else a copy that is.</summary>
    private Dense<T> ReadDense<T>(DeviceView<T> view)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(_context.Scratch, Host(view));

    private readonly struct Dense<T> : IDisposable
        where T : unmanaged
    {
        private readonly MatrixView<T> _original;
        private readonly Scratch<T> _copy;

        public Dense(ScratchPool pool, MatrixView<T> view)
        {
            _original = view;
            bool copies = !view.HasContiguousRows;
            _copy = pool.Rent<T>(copies ? view.Rows * view.Columns : 0);
            View = copies ? _copy.View(view.Rows, view.Columns) : view;
            if (copies)
            {
                view.CopyTo(View);
            }
        }

        public MatrixView<T> View { get; }

        public void WriteBack()
        {
            if (View != _original)
            {
                View.CopyTo(_original);
            }
        }

        public void Dispose() => _copy.Dispose();
    }
}
