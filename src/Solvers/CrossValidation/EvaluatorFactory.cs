using System.Numerics;
using VemKernels.Solvers.Designs;
using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers.CrossValidation;

/// <summary>
/// Sets up the evaluators of one candidate: the way that was chosen where it is safe for an alpha, else the resolution
/// way, else each fold factored by itself. Several alphas may be set up at once.
/// </summary>
internal sealed class EvaluatorFactory<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Over this growth of rounding the triangular and residual ways give way to the resolution way (DESIGN, precision
    /// guard).
    /// </summary>
    private const double LargestGrowth = 8;

    /// <summary>Relative errors of scores over this say nothing, even of an alpha that loses by far.</summary>
    private const double LargestRounding = 0.05;

    /// <summary>
    /// Under this times lambda_max, with a rank-deficient kernel, M_D itself loses digits in double: eigenvalues are
    /// right to 2e-16
    /// lambda_max, their filters to 2e-16 lambda_max / alpha. That is 2e-8, and for float data 2e-7.
    /// </summary>
    private static readonly double SharedFactorisationLimit = typeof(T) == typeof(float) ? 1e-9 : 1e-8;

    /// <summary>
    /// Above this times lambda_max predictions only shrink with alpha: correlations no longer change.
    /// </summary>
    private const double ShrinkingLimit = 1e7;

    /// <summary>
    /// Added to the diagonal of a Gram matrix of residuals, over its mean, so that its Cholesky factor exists.
    /// </summary>
    private const double GramJitter = 1e-14;

    private readonly Problem<T> _problem;
    private readonly Design<T> _design;
    private readonly IBackend _backend;
    private readonly Factorisation _factors;
    private readonly double[] _gamma;
    private readonly CrossValidationWay _way;
    private readonly FoldFactorisation?[] _foldFactors;
    private readonly CancellationToken _cancellation;
    private readonly DeviceView<T>? _roundedQ;
    private readonly CustomScorer<T>? _scorer;

    /// <param name="problem">The search.</param>
    /// <param name="design">Where folds are factored by themselves.</param>
    /// <param name="factors">The candidate's factorisation.</param>
    /// <param name="roundedQ">Its Q in T; null where it has none, and then not for the residual way.</param>
    /// <param name="gamma">The candidate.</param>
    /// <param name="way">Triangular, resolution or residual.</param>
    /// <param name="cancellation">Checked between folds.</param>
    public EvaluatorFactory(
        Problem<T> problem, Design<T> design, Factorisation factors, DeviceView<T>? roundedQ, double[] gamma,
        CrossValidationWay way,
        CancellationToken cancellation)
    {
        _problem = problem;
        _design = design;
        _backend = design.Backend;
        _factors = factors;
        _roundedQ = roundedQ;
        _gamma = gamma;
        _way = way;
        _scorer = problem.Options.CustomScore is { } score ? new CustomScorer<T>(_backend, score) : null;
        _foldFactors = new FoldFactorisation?[problem.Folds.Count];
        _cancellation = cancellation;
    }

    /// <summary>Sets up one alpha, in the way that was chosen.</summary>
    public AlphaEvaluator<T> Create(double alpha) => Create(alpha, _way, LargestGrowth);

    /// <summary>Sets up one alpha in a way of the caller's choice.</summary>
    public AlphaEvaluator<T> Create(double alpha, CrossValidationWay way) => Create(alpha, way, LargestGrowth);

    /// <summary>
    /// Sets up one alpha in the residual way, even where rounding grows (see <see
    /// cref="AlphaEvaluator{T}.Rounding"/>), unless so much
    /// that little is left: to see whether the alpha matters at all, before more is spent on it.
    /// </summary>
    public AlphaEvaluator<T> CreateRough(double alpha) =>
        Create(alpha, CrossValidationWay.Residual, Math.Sqrt(LargestRounding / Precision.Epsilon<T>()));

    private AlphaEvaluator<T> Create(double alpha, CrossValidationWay way, double largestGrowth)
    {
        _cancellation.ThrowIfCancellationRequested();
        double shrinkage = 1;
        double limit = ShrinkingLimit * _factors.LambdaMax;
        if (_problem.ScoresPredictions && limit > 0 && alpha > limit)
        {
            (alpha, shrinkage) = (limit, limit / alpha);
        }

        bool rough = largestGrowth > LargestGrowth;
        double lost = LosesDigits(alpha) ? Precision.Epsilon<double>() * _factors.LambdaMax / alpha : 0;
        bool identity = _problem.AllFoldsByIdentity && (rough ? lost <= LargestRounding : lost == 0);
        using HeldOutSmoother smoother = _factors.Smoother(_backend, alpha, _cancellation);
        return (identity ? TryFast(smoother, shrinkage, way, largestGrowth, lost) : null)
            ?? Resolution(smoother, alpha, shrinkage);
    }

    public void Dispose()
    {
        foreach (FoldFactorisation? factors in _foldFactors)
        {
            factors?.Dispose();
        }

        _scorer?.Dispose();
    }

    private bool LosesDigits(double alpha) =>
        _factors.IsRankDeficient && alpha < SharedFactorisationLimit * _factors.LambdaMax;

    /// <summary>What scores lose where M_D grows by kappa: residuals lose kappa epsilon, from both sides of a
    /// square.</summary>
    private static double RoundingOf(double growth, double lost) =>
        Math.Max(growth > LargestGrowth ? growth * growth * Precision.Epsilon<T>() : 0, lost * Math.Max(1, growth));

    /// <summary>The chosen way, or null where its rounding would grow.</summary>
    private AlphaEvaluator<T>? TryFast(
        HeldOutSmoother smoother, double shrinkage, CrossValidationWay way, double largestGrowth, double lost)
    {
        try
        {
            return way switch
            {
                CrossValidationWay.Triangular => Triangular(smoother),
                CrossValidationWay.Residual when smoother is SpectralSmoother spectral && _roundedQ is { } q =>
                    Residual(spectral, q, shrinkage, largestGrowth, lost),
                _ => null,
            };
        }
        catch (NotPositiveDefiniteException)
        {
            // No digits left in a block: the resolution way decides again, fold by fold.
            return null;
        }
    }

    /// <summary>G = sum_D A_D' A_D / (k |V|) = R' R, A_D = M_D C_(D,:).</summary>
    private TriangularEvaluator<T>? Triangular(HeldOutSmoother smoother)
    {
        IReadOnlyList<Fold> folds = _problem.Folds;
        nint n = _problem.Samples;
        int rows = folds.Sum(fold => fold.Validation.Length);
        using DeviceMatrix<double> gram = _backend.Allocate<double>(n, n);
        using DeviceMatrix<double> residuals = _backend.Allocate<double>(rows, n);
        smoother.WriteMatrix(gram.View);
        int row = 0;
        foreach (Fold fold in folds)
        {
            _cancellation.ThrowIfCancellationRequested();
            DeviceView<double> target = residuals.View.SliceRows(row, fold.Validation.Length);
            using RowSelection heldOut = new(_backend, gram.View, fold.HeldOut);
            using RowSelection symmetric = new(_backend, heldOut.View.Transposed, fold.HeldOut);
            using DeviceMatrix<double> block = Allocation.Filled<double>(
                _backend, fold.HeldOut.Length, fold.HeldOut.Length, copy => _backend.Copy(symmetric.View, copy));
            if (smoother.Invert(block.View, _cancellation) > LargestGrowth)
            {
                return null;
            }

            using RowSelection left = new(_backend, block.View, fold.ValidationInHeldOut);
            double scale = 1 / Math.Sqrt((double)folds.Count * fold.Validation.Length);

            // Form C: M C. Form S: M (I - S), whose identity part goes to the columns of D.
            _backend.Gemm(smoother.IsResidualForm ? scale : -scale, left.View, heldOut.View, 0, target);
            if (!smoother.IsResidualForm)
            {
                AddColumns(scale, left.View, target, fold.HeldOut);
            }

            row += fold.Validation.Length;
        }

        double norm = _backend.FrobeniusNorm(residuals.View);
        _backend.Syrk(1, residuals.View.Transposed, 0, gram.View);
        if (_factors.HasIntercept)
        {
            _backend.AddDiagonal(gram.View, GramJitter * norm * norm / n);
        }

        _backend.Cholesky(gram.View, 1, _cancellation);
        return new TriangularEvaluator<T>(
            _backend, Allocation.Filled<T>(_backend, n, n, r => _backend.Copy(gram.View.Transposed, r)));
    }

    private AlphaEvaluator<T>? Residual(
        SpectralSmoother smoother, DeviceView<T> roundedQ, double shrinkage, double largestGrowth, double lost)
    {
        double growth = 0;
        IReadOnlyList<Fold> folds = _problem.Folds;
        int rows = folds.Sum(fold => fold.HeldOut.Length);
        int largest = folds.Max(fold => fold.HeldOut.Length);
        bool predicts = _problem.ScoresPredictions && !smoother.IsResidualForm;
        using DeviceMatrix<double> m = _backend.Allocate<double>(rows, largest);
        using DeviceMatrix<double>? n = predicts ? _backend.Allocate<double>(rows, largest) : null;
        _backend.Fill(m.View, 0);
        int row = 0;
        foreach (Fold fold in folds)
        {
            _cancellation.ThrowIfCancellationRequested();
            int d = fold.HeldOut.Length;
            DeviceView<double> inverse = m.View.Block(row, 0, d, d);
            using DeviceMatrix<double> block = smoother.Block(fold.HeldOut);
            _backend.Copy(block.View, inverse);
            growth = Math.Max(growth, smoother.Invert(inverse, _cancellation));
            if (growth > largestGrowth)
            {
                return null;
            }

            if (n is not null)
            {
                _backend.Gemm(1, inverse, block.View, 0, n.View.Block(row, 0, d, d));
            }

            row += d;
        }

        // Form C: E = Q (c . Z). Form S, predictions: S y = Q (d . Z). Form S, residuals: y - Q (d . Z).
        bool complement = !smoother.IsResidualForm && !predicts;
        double[] filter = smoother.Filter.ToArray();
        if (complement)
        {
            filter = Array.ConvertAll(filter, value => -value);
        }

        DeviceMatrix<T>? roundedN = n is null ? null : Rounded(n);
        DeviceMatrix<T>? roundedM = null;
        try
        {
            roundedM = Rounded(m);
            return _scorer is { } scorer
                ? new CustomResidualEvaluator<T>(
                    _backend, folds, scorer, roundedQ, Rounded(filter), roundedM, roundedN, shrinkage)
                : new ResidualEvaluator<T>(
                    _backend, folds, _problem.Options.Score, complement ? 1 : 0, roundedQ, Rounded(filter), roundedM,
                    roundedN)
                {
                    Rounding = RoundingOf(growth, lost),
                };
        }
        catch
        {
            roundedN?.Dispose();
            roundedM?.Dispose();
            throw;
        }
    }

    private AlphaEvaluator<T> Resolution(HeldOutSmoother smoother, double alpha, double shrinkage)
    {
        IReadOnlyList<Fold> folds = _problem.Folds;
        nint n = _problem.Samples;
        int rows = folds.Sum(fold => fold.Validation.Length);
        DeviceMatrix<T> p = Allocation.Filled<T>(_backend, rows, n, all => WritePredictors(smoother, alpha, all));
        try
        {
            return _scorer is { } scorer
                ? new CustomResolutionEvaluator<T>(
                    _backend, folds, scorer, p, shrinkage, _factors.HasIntercept ? AllTrainingMeans() : null)
                : new ResolutionEvaluator<T>(_backend, folds, _problem.Options.Score, p);
        }
        catch
        {
            p.Dispose();
            throw;
        }
    }

    /// <summary>P_D of all folds, stacked.</summary>
    private void WritePredictors(HeldOutSmoother smoother, double alpha, DeviceView<T> all)
    {
        IReadOnlyList<Fold> folds = _problem.Folds;
        nint n = _problem.Samples;
        bool losesDigits = LosesDigits(alpha);
        using DeviceMatrix<double>? matrix =
            !losesDigits && folds.Any(Problem<T>.ByIdentity) ? _backend.Allocate<double>(n, n) : null;
        if (matrix is not null)
        {
            smoother.WriteMatrix(matrix.View);
        }

        int row = 0;
        for (int f = 0; f < folds.Count; f++)
        {
            _cancellation.ThrowIfCancellationRequested();
            Fold fold = folds[f];
            DeviceView<T> target = all.SliceRows(row, fold.Validation.Length);
            using DeviceMatrix<double> predictor =
                (matrix is not null && Problem<T>.ByIdentity(fold) ? TryByIdentity(smoother, matrix.View, fold) : null)
                ?? ByItself(f, alpha);
            _backend.Copy(predictor.View, target);
            row += fold.Validation.Length;
        }
    }

    /// <summary>
    /// P_D = M_D S_(D,train), |validation| x n, or null where the block has no digits left. Validation rows that are
    /// trained on: P_v = S_(v,train) + S_(v,D) P_D.
    /// </summary>
    private DeviceMatrix<double>? TryByIdentity(HeldOutSmoother smoother, DeviceView<double> matrix, Fold fold)
    {
        using DeviceMatrix<double> block = smoother.Block(fold.HeldOut);
        try
        {
            smoother.Invert(block.View, _cancellation);
        }
        catch (NotPositiveDefiniteException)
        {
            return null;
        }

        nint n = matrix.Columns;
        double sign = smoother.IsResidualForm ? -1 : 1;
        using RowSelection rows = new(_backend, matrix, fold.HeldOut);
        using DeviceMatrix<double> heldOut = _backend.Allocate<double>(fold.HeldOut.Length, n);
        _backend.Gemm(sign, block.View, rows.View, 0, heldOut.View);
        ClearColumns(heldOut.View, fold.HeldOut);

        DeviceMatrix<double> predictor = _backend.Allocate<double>(fold.Validation.Length, n);
        for (int v = 0; v < fold.Validation.Length; v++)
        {
            DeviceView<double> target = predictor.View.SliceRows(v, 1);
            int position = fold.ValidationInHeldOut[v];
            if (position >= 0)
            {
                _backend.Copy(heldOut.View.SliceRows(position, 1), target);
                continue;
            }

            // Form C: S_v = e_v - c_max C_v / c_max.
            int sample = fold.Validation[v];
            _backend.Copy(matrix.SliceRows(sample, 1), target);
            if (smoother.IsResidualForm)
            {
                using DeviceMatrix<double> scale = Constant(-smoother.Scale);
                _backend.Scale(target, scale.View, null, target);
                _backend.AddDiagonal(target.SliceColumns(sample, 1), 1);
            }

            using DeviceMatrix<double> smoothed = _backend.Allocate<double>(fold.HeldOut.Length, 1);
            _backend.GatherColumns(target, fold.HeldOut, smoothed.View.Transposed);
            ClearColumns(target, fold.HeldOut);
            _backend.Gemm(1, smoothed.View.Transposed, heldOut.View, 1, target);
        }

        if (_problem.ScoresPredictions && _factors.HasIntercept)
        {
            // Correlation does not see the training mean, and a caller's score gets it taken off truth and predictions:
            // without it, small predictions keep their digits in T.
            using DeviceMatrix<double> means = TrainingMeans(fold);
            _backend.SubtractRow(predictor.View, means.View);
        }

        return predictor;
    }

    /// <summary>The same from the fold's own factorisation.</summary>
    private DeviceMatrix<double> ByItself(int f, double alpha)
    {
        Fold fold = _problem.Folds[f];
        FoldFactorisation factors = FactorsOf(f);
        using DeviceMatrix<double> weights = Upload.Column<double>(
            _backend, Array.ConvertAll(factors.Mu, mu => 1 / (mu + alpha)));
        using DeviceMatrix<double> scaled = _backend.Allocate<double>(factors.Left.Rows, factors.Left.Columns);
        using DeviceMatrix<double> onTraining = _backend.Allocate<double>(factors.Left.Rows, fold.Train.Length);
        _backend.Scale(factors.Left.View, null, weights.View, scaled.View);
        _backend.Gemm(1, scaled.View, factors.Right.View, 0, onTraining.View);
        bool intercept = _factors.HasIntercept;
        if (intercept)
        {
            // Right multiplies y_train - mean: take the mean off the columns instead.
            using DeviceMatrix<double> means = _backend.Allocate<double>(1, onTraining.Rows);
            _backend.ColumnMeans(onTraining.View.Transposed, means.View);
            _backend.SubtractRow(onTraining.View.Transposed, means.View);
        }

        // Columns go to their samples; a sample that is trained on twice collects both.
        DeviceMatrix<double> predictor = _backend.Allocate<double>(factors.Left.Rows, _problem.Samples);
        _backend.Fill(predictor.View, 0);
        for (int i = 0; i < fold.Train.Length; i++)
        {
            _backend.AddScaled(1, onTraining.View.SliceColumns(i, 1), predictor.View.SliceColumns(fold.Train[i], 1));
        }

        if (intercept && !_problem.ScoresPredictions)
        {
            using DeviceMatrix<double> means = TrainingMeans(fold);
            using DeviceMatrix<double> ones = _backend.Allocate<double>(predictor.Rows, 1);
            _backend.Fill(ones.View, 1);
            _backend.Gemm(1, ones.View, means.View, 1, predictor.View);
        }

        return predictor;
    }

    /// <summary>Such rows of all folds, in T.</summary>
    private DeviceMatrix<T> AllTrainingMeans()
    {
        DeviceMatrix<T> all = _backend.Allocate<T>(_problem.Folds.Count, _problem.Samples);
        for (int f = 0; f < _problem.Folds.Count; f++)
        {
            using DeviceMatrix<double> means = TrainingMeans(_problem.Folds[f]);
            _backend.Copy(means.View, all.View.SliceRows(f, 1));
        }

        return all;
    }

    /// <summary>A fold's own factorisation, made once, whoever asks first.</summary>
    private FoldFactorisation FactorsOf(int f)
    {
        lock (_foldFactors)
        {
            return _foldFactors[f] ??= _design.FactorFold(_gamma, _problem.Folds[f], _cancellation);
        }
    }

    /// <summary>The row whose product with y is the mean of the fold's training samples.</summary>
    private DeviceMatrix<double> TrainingMeans(Fold fold)
    {
        double[] means = new double[fold.Samples];
        foreach (int i in fold.Train)
        {
            means[i] += 1.0 / fold.Train.Length;
        }

        using Matrix<double> host = Matrix<double>.From(1, means.Length, means);
        DeviceMatrix<double> row = _backend.Allocate<double>(1, means.Length);
        _backend.Upload(host.View, row.View);
        return row;
    }

    private void ClearColumns(DeviceView<double> matrix, ReadOnlySpan<int> columns)
    {
        if (RowSelection.IsRange(columns))
        {
            _backend.Fill(matrix.SliceColumns(columns.IsEmpty ? 0 : columns[0], columns.Length), 0);
            return;
        }

        foreach (int column in columns)
        {
            _backend.Fill(matrix.SliceColumns(column, 1), 0);
        }
    }

    /// <summary>matrix(:, columns) += scale A.</summary>
    private void AddColumns(double scale, DeviceView<double> A, DeviceView<double> matrix, ReadOnlySpan<int> columns)
    {
        if (RowSelection.IsRange(columns))
        {
            _backend.AddScaled(scale, A, matrix.SliceColumns(columns[0], columns.Length));
            return;
        }

        for (int j = 0; j < columns.Length; j++)
        {
            _backend.AddScaled(scale, A.SliceColumns(j, 1), matrix.SliceColumns(columns[j], 1));
        }
    }

    private DeviceMatrix<double> Constant(double value)
    {
        DeviceMatrix<double> constant = _backend.Allocate<double>(1, 1);
        _backend.Fill(constant.View, value);
        return constant;
    }

    private DeviceMatrix<T> Rounded(double[] column)
    {
        using DeviceMatrix<double> device = Upload.Column<double>(_backend, column);
        return Rounded(device);
    }

    private DeviceMatrix<T> Rounded(DeviceMatrix<double> matrix) => Allocation.Filled<T>(
        _backend, matrix.Rows, matrix.Columns, rounded => _backend.Copy(matrix.View, rounded));
}
