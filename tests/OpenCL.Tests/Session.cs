using System.Numerics;

namespace VemKernels.OpenCL.Tests;

/// <summary>
/// Makes the operands of one call on a backend, the same numbers on any, and reads what the call wrote.
/// </summary>
internal sealed class Session<T>(IBackend backend) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<IDisposable> _matrices = [];
    private readonly List<Func<double[]>> _results = [];
    private int _seed;

    /// <summary>All that the call wrote.</summary>
    public double[] Results => [.. _results.SelectMany(read => read())];

    /// <summary>An input.</summary>
    public DeviceView<T> In(int rows, int columns) => Make(rows, columns, Normal());

    /// <summary>A result that was not initialised.</summary>
    public DeviceView<T> Out(int rows, int columns) => Result(Allocate<T>(rows, columns));

    /// <summary>A result in double that was not initialised.</summary>
    public DeviceView<double> Wide(int rows, int columns) => Result(Allocate<double>(rows, columns));

    /// <summary>What the call updates.</summary>
    public DeviceView<T> InOut(int rows, int columns) => Result(In(rows, columns));

    /// <summary>What the call may leave in any state.</summary>
    public DeviceView<T> Scratch(int rows, int columns) => In(rows, columns);

    /// <summary>Positive numbers.</summary>
    public DeviceView<T> Positive(int rows, int columns)
    {
        Func<int, int, double> draw = Normal();
        return Make(rows, columns, (i, j) => 0.1 + Math.Abs(draw(i, j)));
    }

    /// <summary>An upper triangular matrix with its zeros, far from singular.</summary>
    public DeviceView<T> Factor(int n)
    {
        Func<int, int, double> draw = Normal();
        return Make(n, n, (i, j) => i == j ? 3 : j > i ? draw(i, j) / n : 0);
    }

    /// <summary>Stacked symmetric matrices with a dominant diagonal, which the call overwrites.</summary>
    public DeviceView<T> PositiveDefinite(int n, bool isResult = true, int count = 1)
    {
        DeviceView<T> a = Make(count * n, n, (i, j) => i % n == j ? n + i : 1.0 / (1 + (i % n) + j));
        return isResult ? Result(a) : a;
    }

    /// <summary>Predictors stacked by folds, zero where a fold does not train.</summary>
    public DeviceView<T> Predictor(Fold[] folds)
    {
        Func<int, int, double> draw = Normal();
        List<bool[]> rows = [];
        foreach (Fold fold in folds)
        {
            bool[] trains = new bool[fold.Samples];
            foreach (int sample in fold.Train)
            {
                trains[sample] = true;
            }

            rows.AddRange(Enumerable.Repeat(trains, fold.Validation.Length));
        }

        return Make(rows.Count, folds[0].Samples, (i, j) => rows[i][j] ? draw(i, j) : 0);
    }

    public void Dispose() => _matrices.ForEach(matrix => matrix.Dispose());

    private Func<int, int, double> Normal()
    {
        Random random = new(++_seed);
        return (_, _) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(
            2 * Math.PI * random.NextDouble());
    }

    private DeviceView<TElement> Allocate<TElement>(int rows, int columns)
        where TElement : unmanaged, IBinaryFloatingPointIeee754<TElement>
    {
        DeviceMatrix<TElement> matrix = backend.Allocate<TElement>(rows, columns);
        _matrices.Add(matrix);
        return matrix.View;
    }

    private DeviceView<T> Make(int rows, int columns, Func<int, int, double> element)
    {
        using Matrix<T> host = new(rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                host[i, j] = T.CreateTruncating(element(i, j));
            }
        }

        DeviceView<T> view = Allocate<T>(rows, columns);
        backend.Upload(host.View, view);
        return view;
    }

    private DeviceView<TElement> Result<TElement>(DeviceView<TElement> view)
        where TElement : unmanaged, IBinaryFloatingPointIeee754<TElement>
    {
        _results.Add(() =>
        {
            using Matrix<TElement> host = new(view.Rows, view.Columns);
            backend.Download(view, host.View);
            return
            [
                .. Enumerable.Range(0, (int)(view.Rows * view.Columns))
                    .Select(e => double.CreateTruncating(host[e / view.Columns, e % view.Columns])),
            ];
        });
        return view;
    }
}
