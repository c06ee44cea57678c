using System.Numerics;
using NUnit.Framework;
using VemKernels.Device;

namespace VemKernels.OpenCL.Tests;

/// <summary>
/// All ways of multiplying, in local memory and on packed panels, with the tiles of large and of poor devices, with
/// vectors and without, agree with plain loops on shapes that fill no tile and on all layouts.
/// </summary>
[TestFixture(typeof(float), GemmVariant.Packed)]
[TestFixture(typeof(float), GemmVariant.LocalMemory)]
[TestFixture(typeof(float), GemmVariant.SmallTiles)]
[TestFixture(typeof(float), GemmVariant.SmallTilesWithoutVectors)]
[TestFixture(typeof(float), GemmVariant.WideTiles)]
[TestFixture(typeof(double), GemmVariant.Packed)]
[TestFixture(typeof(double), GemmVariant.LocalMemory)]
[TestFixture(typeof(double), GemmVariant.SmallTiles)]
[TestFixture(typeof(double), GemmVariant.SmallTilesWithoutVectors)]
[TestFixture(typeof(double), GemmVariant.WideTiles)]
public sealed class GemmVariantTests<T>(GemmVariant variant)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly (int M, int N, int K)[] Shapes =
    [
        (1, 1, 0), (1, 1, 1), (3, 5, 7), (63, 65, 17), (64, 64, 16), (70, 131, 37), (130, 49, 300), (7, 200, 515),
    ];

    private OpenClBackend _backend = null!;

    [OneTimeSetUp]
    public void Start()
    {
        DeviceLimits limits = Devices.First.Limits;
        DeviceLimits poor = limits with { WorkGroupSize = 64, LocalMemoryBytes = 8 << 10 };
        OpenClOptions inLocalMemory = new() { PackProducts = false };
        _backend = Devices.Start(variant switch
        {
            GemmVariant.Packed => new OpenClOptions { PackProducts = true },
            GemmVariant.LocalMemory => inLocalMemory,
            GemmVariant.SmallTiles => inLocalMemory with { Limits = poor },
            GemmVariant.SmallTilesWithoutVectors => Cut(new GemmTuning(32, 32, 8, 8, 8, 1)) with { Limits = poor },
            GemmVariant.WideTiles => Cut(new GemmTuning(64, 128, 8, 16, 16, 4)),
            _ => throw new ArgumentOutOfRangeException(nameof(variant)),
        });

        OpenClOptions Cut(GemmTuning tuning) => inLocalMemory with
        {
            Tuning = DeviceTuning.None.With<T>(GemmTuning.Source, tuning.Values),
        };
    }

    [OneTimeTearDown]
    public void Stop() => _backend?.Dispose();

    [Test]
    public void The_kernel_is_cut_as_the_fixture_says()
    {
        GemmTuning tuning = typeof(T) == typeof(float) ? _backend.Gemms.Single : _backend.Gemms.Double;
        (int rows, int vector) = variant switch
        {
            GemmVariant.SmallTiles => (32, 4),
            GemmVariant.SmallTilesWithoutVectors => (32, 1),
            _ => (64, 4),
        };
        Assert.That((tuning.TileM, tuning.Vector), Is.EqualTo((rows, vector)));
    }

    [Test]
    public void Products_are_right_whichever_kernel_forms_them(
        [ValueSource(nameof(Shapes))] (int M, int N, int K) shape, [Values] bool leftTransposed,
        [Values] bool rightTransposed, [Values] Placement placement)
    {
        (int m, int n, int k) = shape;
        using Matrix<T> a = Draw(m, k, seed: 1);
        using Matrix<T> b = Draw(k, n, seed: 2);
        using Matrix<T> c = Draw(m, n, seed: 3);
        using Operand left = new(_backend, a, leftTransposed, placement);
        using Operand right = new(_backend, b, rightTransposed, placement);
        using Operand into = new(_backend, c, leftTransposed && rightTransposed, placement);
        _backend.Gemm(1.5, left.View, right.View, -0.5, into.View);
        using Matrix<T> result = new(m, n);
        _backend.Download(into.View, result.View);
        double bound = 8 * Math.Sqrt(k + 1) * VemKernels.Precision.Epsilon<T>() * (k + 1);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double expected = -0.5 * double.CreateTruncating(c[i, j]);
                for (int p = 0; p < k; p++)
                {
                    expected += 1.5 * double.CreateTruncating(a[i, p]) * double.CreateTruncating(b[p, j]);
                }

                Assert.That(double.CreateTruncating(result[i, j]), Is.EqualTo(expected).Within(bound), $"({i}, {j})");
            }
        }
    }

    private static Matrix<T> Draw(int rows, int columns, int seed)
    {
        Random random = new(seed);
        Matrix<T> matrix = new(rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                matrix[i, j] = T.CreateTruncating((2 * random.NextDouble()) - 1);
            }
        }

        return matrix;
    }

    /// <summary>A matrix on the device, in one of several layouts.</summary>
    private sealed class Operand : IDisposable
    {
        private readonly DeviceMatrix<T> _matrix;

        public Operand(IBackend backend, Matrix<T> host, bool transposed, Placement placement)
        {
            nint rows = transposed ? host.Columns : host.Rows;
            nint columns = transposed ? host.Rows : host.Columns;
            int skipped = placement == Placement.InsideAnother ? 3 : 0;
            _matrix = backend.Allocate<T>(rows + (2 * skipped), columns + (2 * skipped));
            DeviceView<T> view = _matrix.View.Block(skipped, skipped, rows, columns);
            View = transposed ? view.Transposed : view;
            backend.Upload(host.View, View);
        }

        public DeviceView<T> View { get; }

        public void Dispose() => _matrix.Dispose();
    }
}
