using NUnit.Framework;
using VemKernels.Device;

namespace VemKernels.Cuda.Tests;

/// <summary>
/// Products of floats on tensor cores, which the fake computes by the fragments that NVIDIA documents, have the error
/// of floats for operands in any order, of any size.
/// </summary>
internal sealed class TensorCoreTests
{
    /// <summary>Sizes below, at and beyond the blocks of 128 x 128 x 16: rows, depth, columns.</summary>
    private static readonly (int M, int K, int N)[] Shapes =
        [(1, 1, 1), (3, 17, 5), (128, 16, 128), (129, 33, 131), (64, 300, 200), (260, 15, 7)];

    private CudaBackend _backend = null!;

    private static IEnumerable<TestCaseData> Products =>
        from shape in Shapes
        from layouts in ((bool, bool)[])[(false, false), (false, true), (true, false), (true, true)]
        select new TestCaseData(shape.M, shape.K, shape.N, layouts.Item1, layouts.Item2);

    [SetUp]
    public void Start() => _backend = FakeCuda.Start(FakeOrder.Lazy, new CudaOptions { UseTensorCores = true });

    [TearDown]
    public void Stop() => _backend.Dispose();

    [TestCaseSource(nameof(Products))]
    public void A_product_has_the_error_of_floats(int m, int k, int n, bool transposedA, bool transposedB)
    {
        Random random = new(m + k + n);
        double[,] a = Numbers(random, m, k);
        double[,] b = Numbers(random, k, n);
        double[,] c = Numbers(random, m, n);
        using DeviceMatrix<float> deviceA = Upload(a, transposedA, padding: 3);
        using DeviceMatrix<float> deviceB = Upload(b, transposedB, padding: 0);
        using DeviceMatrix<float> deviceC = Upload(c, transposed: false, padding: 1);
        DeviceView<float> A = View(deviceA, m, k, transposedA);
        DeviceView<float> B = View(deviceB, k, n, transposedB);
        DeviceView<float> C = View(deviceC, m, n, transposed: false);
        Assert.That(_backend.TryTensorProduct(1.5, Of(A), Of(B), null, -0.5, Of(C)));
        Compare(C, (i, j) =>
        {
            double sum = -0.5 * c[i, j];
            double size = Math.Abs(sum);
            for (int p = 0; p < k; p++)
            {
                sum += 1.5 * a[i, p] * b[p, j];
                size += Math.Abs(1.5 * a[i, p] * b[p, j]);
            }

            return (sum, size);
        });
    }

    [TestCase(3, 130, 40, 70)]
    [TestCase(2, 7, 129, 33)]
    [TestCase(5, 20, 16, 128)]
    public void Weights_are_applied_while_loading(int kernels, int m, int k, int n)
    {
        Random random = new(kernels);
        double[,] ks = Numbers(random, m, kernels * k);
        double[,] w = Numbers(random, k, n);
        double[,] weights = Numbers(random, kernels, n);
        using DeviceMatrix<float> deviceKs = Upload(ks, transposed: false, padding: 0);
        using DeviceMatrix<float> deviceW = Upload(w, transposed: false, padding: 0);
        using DeviceMatrix<float> deviceWeights = Upload(weights, transposed: false, padding: 0);
        using DeviceMatrix<float> result = _backend.Allocate<float>(m, n);
        Assert.That(_backend.TryTensorProduct(
            1, Of(deviceKs.View), Of(deviceW.View), Of(deviceWeights.View), 0, Of(result.View)));
        Compare(result.View, (i, j) =>
        {
            double sum = 0;
            double size = 0;
            for (int p = 0; p < kernels * k; p++)
            {
                // The weighted right-hand side is rounded once, as it is where it is stored.
                float weighted = (float)weights[p / k, j] * (float)w[p % k, j];
                sum += ks[i, p] * weighted;
                size += Math.Abs(ks[i, p] * weighted);
            }

            return (sum, size);
        });
    }

    [Test]
    public void Large_products_and_weighted_ones_run_there_and_small_ones_do_not()
    {
        Assert.That(_backend.UsesTensorCores);
        long before = FakeCuda.Calls("cublasSgemm");
        using DeviceMatrix<float> a = _backend.Allocate<float>(260, 256);
        using DeviceMatrix<float> b = _backend.Allocate<float>(256, 300);
        using DeviceMatrix<float> c = _backend.Allocate<float>(260, 300);
        _backend.Fill(a.View, 0.5);
        _backend.Fill(b.View, 2);
        _backend.Gemm(1, a.View, b.View, 0, c.View);
        Assert.That(FakeCuda.Calls("cublasSgemm"), Is.EqualTo(before));
        using Matrix<float> host = new(260, 300);
        _backend.Download(c.View, host.View);
        Assert.That(host[259, 299], Is.EqualTo(256));
        _backend.Gemm(1, a.View.SliceColumns(0, 100), b.View.SliceRows(0, 100), 0, c.View);
        Assert.That(FakeCuda.Calls("cublasSgemm"), Is.EqualTo(before + 1));
    }

    [Test]
    public void They_can_be_turned_off_and_the_trial_says_what_it_found()
    {
        using CudaBackend off = FakeCuda.Start(options: new CudaOptions { UseTensorCores = false });
        Assert.Multiple(() =>
        {
            Assert.That(off.UsesTensorCores, Is.False);
            Assert.That(off.Trial.IsGood);
            Assert.That(off.Trial.TensorError, Is.GreaterThan(0).And.LessThan(1e-4), "of entries of size 13");
            Assert.That(new TensorTrial(PlainError: 1e-6, TensorError: 1e-3).IsGood, Is.False, "as of plain tf32");
        });
    }

    [Test]
    public void Not_a_number_stays_so()
    {
        double[,] a = Numbers(new Random(1), 20, 30);
        a[3, 4] = double.NaN;
        using DeviceMatrix<float> deviceA = Upload(a, transposed: false, padding: 0);
        using DeviceMatrix<float> deviceB = Upload(Numbers(new Random(2), 30, 10), transposed: false, padding: 0);
        using DeviceMatrix<float> c = _backend.Allocate<float>(20, 10);
        Assert.That(_backend.TryTensorProduct(deviceA, deviceB, c));
        using Matrix<float> host = new(20, 10);
        _backend.Download(c.View, host.View);
        for (int i = 0; i < 20; i++)
        {
            for (int j = 0; j < 10; j++)
            {
                Assert.That(float.IsNaN(host[i, j]), Is.EqualTo(i == 3));
            }
        }
    }

    /// <summary>
    /// A bound of 5 2^-22 for the products and 2^-23 for each group of 8 and the last sum, each of the terms' size.
    /// </summary>
    private void Compare(DeviceView<float> result, Func<int, int, (double Sum, double Size)> expected)
    {
        using Matrix<float> host = new(result.Rows, result.Columns);
        _backend.Download(result, host.View);
        const double Unit = 1.0 / (1 << 23);
        for (int i = 0; i < result.Rows; i++)
        {
            for (int j = 0; j < result.Columns; j++)
            {
                (double sum, double size) = expected(i, j);
                Assert.That(host[i, j], Is.EqualTo(sum).Within(size * Unit * 16), $"({i}, {j})");
            }
        }
    }

    private BufferView Of(DeviceView<float> view) => new(
        ((BufferMatrix<float>)view.Owner).Buffer, view.Offset, view.Rows, view.Columns, view.RowStride, view.ColumnStride);

    private DeviceMatrix<float> Upload(double[,] values, bool transposed, int padding)
    {
        int rows = transposed ? values.GetLength(1) : values.GetLength(0);
        int columns = transposed ? values.GetLength(0) : values.GetLength(1);
        using Matrix<float> host = new(rows, columns + padding);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns + padding; j++)
            {
                host[i, j] = j >= columns ? float.NaN : (float)(transposed ? values[j, i] : values[i, j]);
            }
        }

        DeviceMatrix<float> device = _backend.Allocate<float>(rows, columns + padding);
        _backend.Upload(host.View, device.View);
        return device;
    }

    private static DeviceView<float> View(DeviceMatrix<float> matrix, int rows, int columns, bool transposed) =>
        transposed ? matrix.View.Block(0, 0, columns, rows).Transposed : matrix.View.Block(0, 0, rows, columns);

    private static double[,] Numbers(Random random, int rows, int columns)
    {
        double[,] values = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                values[i, j] = (float)((2 * random.NextDouble()) - 1);
            }
        }

        return values;
    }
}
