using System.Numerics;

namespace VemKernels;

/// <summary>
/// What a device must be able to do so that every solver runs on it: memory, level-3 linear algebra, factorisations,
/// column statistics and the fused operations of cross-validation.
/// </summary>
/// <remarks>
/// <para>Operations take views with any strides (a transpose is a view), so none has transpose flags. Outputs must not
/// overlap inputs unless an operation says otherwise. Results of an operation are the same bits for any number of
/// threads. T is float or double; anything else throws <see cref="NotSupportedException"/>.</para>
/// <para>A batch of matrices is one view with the matrices stacked by rows: matrix b of `count` matrices of m x n is
/// rows b m to b m + m of a (count m) x n view.</para>
/// <para>A backend may be used from several threads at once. Operations may be queued; <see cref="Download"/> waits for
/// what it needs. Shapes that do not fit throw <see cref="ArgumentException"/>, a view of another backend too.</para>
/// </remarks>
public partial interface IBackend : IDisposable
{
    /// <summary>What this backend runs on.</summary>
    BackendInfo Info { get; }

    /// <summary>
    /// Runs body(0) ... body(count - 1), which do not depend on each other, in any order, and returns when all have
    /// ended. A device that is a set of processor threads runs as many at once as it has threads, each with its
    /// operations on one thread: for work of many small operations. Others run them one after another.
    /// </summary>
    /// <exception cref="Exception">The first exception that a piece threw; pieces not yet started are then
    /// skipped.</exception>
    void ForEach(int count, Action<int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        for (int i = 0; i < count; i++)
        {
            body(i);
        }
    }

    /// <summary>How many pieces <see cref="ForEach"/> runs at once.</summary>
    int Concurrency => 1;

    // ---- memory -----------------------------------------------------------------------------------------------

    /// <summary>Allocates rows x columns, row-major; the contents are undefined.</summary>
    /// <exception cref="InsufficientMemoryException">
    /// A device has no such memory left: a solver that works on a tile of targets then halves the tile. Other
    /// operations may throw it too, for their scratch memory.
    /// </exception>
    /// <exception cref="OutOfMemoryException">The host's memory is full.</exception>
    DeviceMatrix<T> Allocate<T>(nint rows, nint columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// Allocates rows x columns for a passing need, which happens again for each tile of targets: within a <see
    /// cref="KeepWorkspace"/> a backend whose memory is the host's lends what came back before. Devices, which order
    /// their work by what is allocated and freed, have pools of their own underneath <see cref="Allocate"/>.
    /// </summary>
    /// <exception cref="InsufficientMemoryException">As <see cref="Allocate"/>.</exception>
    /// <exception cref="OutOfMemoryException">The host's memory is full.</exception>
    DeviceLease<T> Rent<T>(nint rows, nint columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(Allocate<T>(rows, columns));

    /// <summary>Keeps rented memory for reuse until the scope is disposed; scopes may be nested and overlap.</summary>
    WorkspaceScope KeepWorkspace() => default;

    /// <summary>
    /// Uses memory that belongs to somebody else, without a copy, where the device can: host memory on a CPU, a device
    /// pointer (and the stream its contents are ordered on) of another library on a GPU. Returns null where it cannot;
    /// the caller then allocates and uploads. The memory must outlive the matrix; disposing the matrix does not free
    /// it.
    /// </summary>
    DeviceMatrix<T>? TryAdopt<T>(ForeignMatrix<T> memory)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Copies host memory to the device; same shape.</summary>
    void Upload<T>(MatrixView<T> source, DeviceView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Copies device memory to the host; same shape. Returns when the host memory is written.</summary>
    void Download<T>(DeviceView<T> source, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// Copies on the device, converting (rounding) the element type where the two differ; same shape.
    /// </summary>
    void Copy<TSource, TDestination>(DeviceView<TSource> source, DeviceView<TDestination> destination)
        where TSource : unmanaged, IBinaryFloatingPointIeee754<TSource>
        where TDestination : unmanaged, IBinaryFloatingPointIeee754<TDestination>;

    /// <summary>Sets every element.</summary>
    void Fill<T>(DeviceView<T> A, double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Row i of the destination becomes row indices[i] of the source.</summary>
    void GatherRows<T>(DeviceView<T> source, ReadOnlySpan<int> indices, DeviceView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    // ---- elementwise ------------------------------------------------------------------------------------------

    /// <summary>B += alpha A.</summary>
    void AddScaled<T>(double alpha, DeviceView<T> A, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>A(i, i) += value for all i under min(rows, columns).</summary>
    void AddDiagonal<T>(DeviceView<T> A, double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// B(i, j) = rowFactors(i) A(i, j) columnFactors(j). Factors are n x 1 or 1 x n; null stands for ones. A and B may
    /// be the same view.
    /// </summary>
    void Scale<T>(DeviceView<T> A, DeviceView<T>? rowFactors, DeviceView<T>? columnFactors, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>B(i, j) = A(i, j) W(i, j); the shapes are equal. A and B may be the same view.</summary>
    void Multiply<T>(DeviceView<T> A, DeviceView<T> W, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    // ---- level 3 ----------------------------------------------------------------------------------------------

    /// <summary>
    /// C = alpha A B + beta C. A is m x k, B k x n, C m x n. With beta 0, C may hold anything, NaN too.
    /// </summary>
    void Gemm<T>(double alpha, DeviceView<T> A, DeviceView<T> B, double beta, DeviceView<T> C)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// C = alpha A A' + beta C, both triangles written, exactly symmetric. A is n x k; C, n x n, symmetric before.
    /// </summary>
    void Syrk<T>(double alpha, DeviceView<T> A, double beta, DeviceView<T> C)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// Solves L X = B (or U X = B) in place of B. Only the named triangle of the n x n matrix A is read; B is n x m.
    /// Systems from the right, X A = B, are solved by passing transposed views: A' X' = B'.
    /// </summary>
    void Trsm<T>(Triangle triangle, bool unitDiagonal, DeviceView<T> A, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    // ---- factorisations ---------------------------------------------------------------------------------------

    /// <summary>
    /// Cholesky factorisation A = L L' of `count` stacked n x n matrices, in place: L in the lower triangle, zeros
    /// above. Only the lower triangle is read.
    /// </summary>
    /// <exception cref="NotPositiveDefiniteException">
    /// A pivot is not positive; it names the matrix and the pivot.
    /// </exception>
    void Cholesky<T>(DeviceView<T> A, int count = 1, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// From the factors that <see cref="Cholesky"/> left, the inverses of the factored matrices, in place, both
    /// triangles.
    /// </summary>
    void CholeskyInverse<T>(DeviceView<T> A, int count = 1, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// Symmetric eigendecomposition A = Q diag(w) Q' of `count` stacked n x n matrices: A is overwritten by Q
    /// (eigenvectors in columns), eigenvalues ascending in row b of w (count x n). Only the lower triangle of A is
    /// read.
    /// </summary>
    /// <exception cref="ArithmeticException">A holds NaN or infinity, or an eigenvalue did not converge.</exception>
    void SymmetricEigen<T>(DeviceView<T> A, DeviceView<T> w, int count = 1, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// Thin singular value decomposition A = U diag(s) Vt of `count` stacked m x n matrices, k = min(m, n): U is (count
    /// m) x k, s count x k, descending, Vt (count k) x n. A is destroyed.
    /// </summary>
    /// <exception cref="ArithmeticException">A holds NaN or infinity, or a singular value did not converge.</exception>
    void ThinSvd<T>(
        DeviceView<T> A, DeviceView<T> U, DeviceView<T> s, DeviceView<T> Vt, int count = 1,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The Frobenius norm of A: the root of the sum of squares, summed in double.</summary>
    double FrobeniusNorm<T>(DeviceView<T> A)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    // ---- statistics -------------------------------------------------------------------------------------------

    /// <summary>means(0, j) = mean of column j, summed in double. The means of zero rows are zero.</summary>
    void ColumnMeans<T>(DeviceView<T> A, DeviceView<T> means)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>A(i, j) -= row(0, j).</summary>
    void SubtractRow<T>(DeviceView<T> A, DeviceView<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// Each column minus its mean, over its population standard deviation, both summed in double; a constant column
    /// becomes zeros (constant: standard deviation no larger than the rounding of its mean).
    /// </summary>
    void ZScoreColumns<T>(DeviceView<T> A)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// Centres a square kernel in place, as if the features had been centred: K - row means - column means + overall
    /// mean, the means summed in double (Schoelkopf et al. 1998, appendix B).
    /// </summary>
    void CenterKernel<T>(DeviceView<T> K)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// scores(0, j) = the score of predictions(:, j) against truth(:, j); see <see cref="ScoreKind"/>.
    /// </summary>
    void Score<T>(ScoreKind kind, DeviceView<T> truth, DeviceView<T> predictions, DeviceView<double> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// Moments of predictions split over m spaces, summed in double, from which split scores are made: predictions are
    /// (m n) x t, space i in rows i n to i n + n. moments has 1 + m + m m rows and t columns: sum of squares of truth;
    /// sums of truth . prediction_i; sums of prediction_i . prediction_k at row 1 + m + i m + k.
    /// </summary>
    void SplitMoments<T>(DeviceView<T> truth, DeviceView<T> predictions, int spaces, DeviceView<double> moments)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    // ---- fused operations of cross-validation (docs/algorithms.md, section "One factorisation for all folds") -----

    /// <summary>
    /// norms(0, j) = |R y_j|^2, summed in double; R is n x n, upper triangular with its zeros stored; Y is n x t.
    /// </summary>
    void TriangularSquaredNorms<T>(DeviceView<T> R, DeviceView<T> Y, DeviceView<double> norms)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// For each fold f: predictions P_f Y, scored against Y(validation_f, :). P stacks the folds by rows, fold f has
    /// |validation_f| rows; it is n wide, with zeros in the columns of samples that the fold does not train on, so that
    /// one product serves all folds. Y is n x t, scores folds x t.
    /// </summary>
    void ResolutionScores<T>(
        IReadOnlyList<Fold> folds, DeviceView<T> P, DeviceView<T> Y, ScoreKind kind, DeviceView<double> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// E = yWeight Y + Q (filter . Z); then for each fold f with held-out rows D: F = M_f E(D, :), and either F is the
    /// residual of the validation rows (N null), or the predictions are F - N_f Y(D, :). Scores the validation rows (a
    /// subset of D).
    /// </summary>
    /// <remarks>
    /// Q is n x r, filter r x 1, Z r x t (Q' Y), Y n x t, scores folds x t. M and N stack |D| x |D| blocks by rows and
    /// are as wide as the largest D.
    /// </remarks>
    void ResidualScores<T>(
        IReadOnlyList<Fold> folds, double yWeight, DeviceView<T> Q, DeviceView<T> filter, DeviceView<T> Z,
        DeviceView<T> Y,
        DeviceView<T> M, DeviceView<T>? N, ScoreKind kind, DeviceView<double> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// result = sum over kernels i of K_i (weights(i, :) . W): Ks is q x (m n), the m kernels side by side, weights m x
    /// t, W n x t, result q x t. One gemm; the weights are applied to blocks of the right-hand side, never to an array
    /// of kernels x samples x targets.
    /// </summary>
    void WeightedKernelProduct<T>(DeviceView<T> Ks, DeviceView<T> weights, DeviceView<T> W, DeviceView<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
