using System.Numerics;
using NUnit.Framework;
using VemKernels.Device;

namespace VemKernels.OpenCL.Tests;

/// <summary>
/// Both ways of multiplying, local memory and packed panels, with the tiles of any device, agree with plain loops on
/// shapes that fill no tile.
/// </summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public sealed class GemmVariantTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly (int M, int N, int K)[] Shapes =
        [(1, 1, 0), (1, 1, 1), (3, 5, 7), (63, 65, 17), (64, 64, 16), (130, 49, 300), (7, 200, 515)];

    [Test]
    public void Products_are_right_whichever_kernel_forms_them(
        [ValueSource(nameof(Shapes))] (int M, int N, int K) shape, [Values] bool packed, [Values] bool small,
        [Values] bool transposed)
    {
        DeviceLimits limits = Devices.First.Limits;
        OpenClOptions options = new()
        {
            PackProducts = packed, Limits = small ? limits with { WorkGroupSize = 64, LocalMemoryBytes = 8 << 10 }
                : limits,
        };
        using OpenClBackend backend = Devices.Start(options);
        (int m, int n, int k) = shape;
        using Matrix<T> a = Draw(transposed ? k : m, transposed ? m : k, seed: 1);
        using Matrix<T> b = Draw(transposed ? n : k, transposed ? k : n, seed: 2);
        using Matrix<T> c = Draw(m, n, seed: 3);
        using DeviceMatrix<T> A = Upload(backend, a);
        using DeviceMatrix<T> B = Upload(backend, b);
        using DeviceMatrix<T> C = Upload(backend, c);
        DeviceView<T> left = transposed ? A.View.Transposed : A.View;
        DeviceView<T> right = transposed ? B.View.Transposed : B.View;
        backend.Gemm(1.5, left, right, -0.5, C.View);
        using Matrix<T> result = new(m, n);
        backend.Download(C.View, result.View);
        double bound = 8 * Math.Sqrt(k + 1) * VemKernels.Precision.Epsilon<T>() * (k + 1);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double expected = -0.5 * double.CreateTruncating(c[i, j]);
                for (int p = 0; p < k; p++)
                {
                    expected += 1.5 * double.CreateTruncating(transposed ? a[p, i] : a[i, p])
                        * double.CreateTruncating(transposed ? b[j, p] : b[p, j]);
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

    private static DeviceMatrix<T> Upload(OpenClBackend backend, Matrix<T> host)
    {
        DeviceMatrix<T> device = backend.Allocate<T>(host.Rows, host.Columns);
        backend.Upload(host.View, device.View);
        return device;
    }
}
