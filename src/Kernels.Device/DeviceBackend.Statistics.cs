using System.Numerics;

namespace VemKernels.Device;

/// <content>Statistics of columns.</content>
public abstract partial class DeviceBackend
{
    /// <inheritdoc/>
    public double FrobeniusNorm<T>(DeviceView<T> A)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (IsHosted<T>())
        {
            return Host.FrobeniusNorm(OnHost(A, nameof(A)));
        }

        BufferView a = OnDevice(A, nameof(A));
        if (a.IsEmpty)
        {
            return 0;
        }

        using DeviceMatrix<double> squares = Allocate<double>(1, A.Columns);
        ColumnDots(A, A, squares.View);
        using Matrix<double> host = Matrix<double>.Uninitialized(1, A.Columns);
        Download(squares.View, host.View);
        double sum = 0;
        for (nint j = 0; j < A.Columns; j++)
        {
            sum += host.View[0, j];
        }

        return Math.Sqrt(sum);
    }

    /// <inheritdoc/>
    public void ColumnMeans<T>(DeviceView<T> A, DeviceView<T> means)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(means, 1, A.Columns, nameof(means));
        if (IsHosted<T>())
        {
            Host.ColumnMeans(OnHost(A, nameof(A)), OnHost(means, nameof(means)));
            return;
        }

        ColumnMeans<T>("statistics", "column_means", OnDevice(A, nameof(A)), OnDevice(means, nameof(means)));
    }

    /// <inheritdoc/>
    public void ColumnMeansInDouble<T>(DeviceView<T> A, DeviceView<double> means)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(means, 1, A.Columns, nameof(means));
        if (IsHosted<T>())
        {
            Host.ColumnMeansInDouble(OnHost(A, nameof(A)), OnHost(means, nameof(means)));
            return;
        }

        BufferView a = OnDevice(A, nameof(A));
        using WideView wide = Wide(means, nameof(means));
        ColumnMeans<T>("statistics", "column_means_wide", a, wide.View);
        wide.WriteBack();
    }

    /// <inheritdoc/>
    public void ZScoreColumns<T>(DeviceView<T> A)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (IsHosted<T>())
        {
            Host.ZScoreColumns(OnHost(A, nameof(A)));
            return;
        }

        BufferView a = OnDevice(A, nameof(A));
        KernelCall call = Call<T>("statistics", "zscore_columns");
        call.View(a);
        call.Size(a.Rows);
        call.Size(a.Columns);
        call.RunColumns(1, a.Columns);
    }

    /// <inheritdoc/>
    public void CenterKernel<T>(DeviceView<T> K)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.RequireSquare(K, nameof(K));
        if (IsHosted<T>())
        {
            Host.CenterKernel(OnHost(K, nameof(K)));
            return;
        }

        BufferView k = OnDevice(K, nameof(K));
        if (k.IsEmpty)
        {
            return;
        }

        using DeviceMatrix<double> means = Allocate<double>(1, K.Columns);
        ColumnMeansInDouble(K, means.View);
        using Matrix<double> host = Matrix<double>.Uninitialized(1, K.Columns);
        Download(means.View, host.View);
        double mean = 0;
        for (nint j = 0; j < K.Columns; j++)
        {
            mean += host.View[0, j];
        }

        CenterKernel(K, means.View, mean / K.Columns);
    }

    /// <inheritdoc/>
    public void CenterKernel<T>(DeviceView<T> K, DeviceView<double> trainingColumnMeans, double trainingMean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(trainingColumnMeans, 1, K.Columns, nameof(trainingColumnMeans));
        if (IsHosted<T>())
        {
            Host.CenterKernel(OnHost(K, nameof(K)), OnHost(trainingColumnMeans, nameof(trainingColumnMeans)),
                trainingMean);
            return;
        }

        BufferView k = OnDevice(K, nameof(K));
        using WideView columnMeans = Wide(trainingColumnMeans, nameof(trainingColumnMeans));
        columnMeans.Read();
        using Scratch rowMeans = Rent<double>(1, K.Rows);
        ColumnMeans<T>("statistics", "column_means_wide", k.Transposed, rowMeans.View);
        KernelCall call = Call<T>("statistics", "center");
        call.View(k);
        call.View(rowMeans.View);
        call.View(columnMeans.View);
        call.Accumulator(trainingMean);
        call.Size(k.Rows);
        call.Size(k.Columns);
        call.RunColumns(k.Rows, k.Columns);
    }

    /// <inheritdoc/>
    public void ColumnDots<T>(DeviceView<T> A, DeviceView<T> B, DeviceView<double> dots)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(B, A.Rows, A.Columns, nameof(B));
        Shapes.Require(dots, 1, A.Columns, nameof(dots));
        if (IsHosted<T>())
        {
            Host.ColumnDots(OnHost(A, nameof(A)), OnHost(B, nameof(B)), OnHost(dots, nameof(dots)));
            return;
        }

        BufferView a = OnDevice(A, nameof(A));
        BufferView b = OnDevice(B, nameof(B));
        using WideView wide = Wide(dots, nameof(dots));
        PairsOfColumns<T>("column_dots", a, b, wide.View);
        wide.WriteBack();
    }

    /// <inheritdoc/>
    public void ColumnMaxRatios<T>(DeviceView<T> A, DeviceView<T> B, DeviceView<double> ratios)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(B, A.Rows, A.Columns, nameof(B));
        Shapes.Require(ratios, 1, A.Columns, nameof(ratios));
        if (IsHosted<T>())
        {
            Host.ColumnMaxRatios(OnHost(A, nameof(A)), OnHost(B, nameof(B)), OnHost(ratios, nameof(ratios)));
            return;
        }

        BufferView a = OnDevice(A, nameof(A));
        BufferView b = OnDevice(B, nameof(B));
        using WideView wide = Wide(ratios, nameof(ratios));
        PairsOfColumns<T>("column_max_ratios", a, b, wide.View);
        wide.WriteBack();
    }

    /// <inheritdoc/>
    public void Score<T>(ScoreKind kind, DeviceView<T> truth, DeviceView<T> predictions, DeviceView<double> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(predictions, truth.Rows, truth.Columns, nameof(predictions));
        Shapes.Require(scores, 1, truth.Columns, nameof(scores));
        if (IsHosted<T>())
        {
            Host.Score(
                kind, OnHost(truth, nameof(truth)), OnHost(predictions, nameof(predictions)),
                OnHost(scores, nameof(scores)));
            return;
        }

        BufferView y = OnDevice(truth, nameof(truth));
        BufferView p = OnDevice(predictions, nameof(predictions));
        using WideView wide = Wide(scores, nameof(scores));
        Scores<T>(kind, isResiduals: false, y, p, rows: null, wide.View);
        wide.WriteBack();
    }

    /// <inheritdoc/>
    public void SplitMoments<T>(DeviceView<T> truth, DeviceView<T> predictions, int spaces, DeviceView<double> moments)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(predictions, spaces * truth.Rows, truth.Columns, nameof(predictions));
        Shapes.Require(moments, 1 + spaces + ((nint)spaces * spaces), truth.Columns, nameof(moments));
        if (IsHosted<T>())
        {
            Host.SplitMoments(
                OnHost(truth, nameof(truth)), OnHost(predictions, nameof(predictions)), spaces,
                OnHost(moments, nameof(moments)));
            return;
        }

        BufferView y = OnDevice(truth, nameof(truth));
        BufferView p = OnDevice(predictions, nameof(predictions));
        using WideView wide = Wide(moments, nameof(moments));
        KernelCall call = Call<T>("statistics", "split_moments");
        call.View(y);
        call.View(p);
        call.View(wide.View);
        call.Size(y.Rows);
        call.Int(spaces);
        call.Size(y.Columns);
        call.RunColumns(moments.Rows, y.Columns);

        wide.WriteBack();
    }

    private WideView Wide(DeviceView<double> view, string name) =>
        HasDouble
            ? new WideView(OnDevice(view, name))
            : new WideView(_runtime, Rent<double>(view.Rows, view.Columns), Host, OnHost(view, name));

    private void ColumnMeans<T>(string source, string kernel, BufferView a, BufferView means)
        where T : unmanaged
    {
        KernelCall call = Call<T>(source, kernel);
        call.View(a);
        call.View(means);
        call.Size(a.Rows);
        call.Size(a.Columns);
        call.RunColumns(1, a.Columns);
    }

    /// <summary>A kernel of statistics.cl that reduces the columns of two matrices to a row of ACC.</summary>
    private protected void PairsOfColumns<T>(string kernel, BufferView a, BufferView b, BufferView result)
        where T : unmanaged
    {
        KernelCall call = Call<T>("statistics", kernel);
        call.View(a);
        call.View(b);
        call.View(result);
        call.Size(a.Rows);
        call.Size(a.Columns);
        call.RunColumns(1, a.Columns);
    }
}
