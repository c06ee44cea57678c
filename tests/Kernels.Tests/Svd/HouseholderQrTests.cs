using System.Numerics;
using System.Runtime.Intrinsics;
using NUnit.Framework;
using VemKernels.Simd;

namespace VemKernels.Tests.Svd;

[TestFixture(typeof(Simd128<float>), typeof(Vector128<float>), typeof(float))]
[TestFixture(typeof(Simd128<double>), typeof(Vector128<double>), typeof(double))]
[TestFixture(typeof(Simd256<float>), typeof(Vector256<float>), typeof(float))]
[TestFixture(typeof(Simd256<double>), typeof(Vector256<double>), typeof(double))]
[TestFixture(typeof(Simd512<float>), typeof(Vector512<float>), typeof(float))]
[TestFixture(typeof(Simd512<double>), typeof(Vector512<double>), typeof(double))]
internal sealed class HouseholderQrTests<S, V, T> : IDisposable
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private SimdContext _context = null!;

    [OneTimeSetUp]
    public void Start()
    {
        SvdFixtures.RequireVectors<V, T>();
        _context = new SimdContext(new WorkerPool(2), new ScratchPool());
    }

    /// <summary>Called by NUnit at the end.</summary>
    public void Dispose() => _context?.Dispose();

    [TestCase(1, 1)]
    [TestCase(5, 3)]
    [TestCase(3, 5)]
    [TestCase(64, 64)]
    [TestCase(150, 65)]
    [TestCase(90, 130)]
    [TestCase(333, 200)]
    public void Q_is_orthonormal_Q_R_is_A_and_Q_transposed_A_is_R(int rows, int columns)
    {
        int k = Math.Min(rows, columns);
        foreach (bool fortran in new[] { false, true })
        {
            using Matrix<T> A = SvdMatrices.Round<T>(
                SvdMatrices.Make("random", rows, columns, typeof(T) == typeof(float)));
            using Matrix<T> memory = fortran ? new(columns, rows) : new(rows, columns);
            MatrixView<T> factored = fortran ? memory.View.Transposed : memory.View;
            A.View.CopyTo(factored);
            using Scratch<T> triangleMemory = _context.Scratch.Rent<T>(
                HouseholderQr<S, V, T>.TrianglesLength(rows, columns));
            MatrixView<T> triangles = HouseholderQr<S, V, T>.Triangles(triangleMemory, rows, columns);
            HouseholderQr<S, V, T>.Factor(_context, factored, triangles, CancellationToken.None);

            using Matrix<T> R = new(k, columns);
            using Matrix<T> Q = new(rows, k);
            using Matrix<T> full = new(rows, rows);
            HouseholderQr<S, V, T>.CopyR(factored, R.View);
            HouseholderQr<S, V, T>.FormQ(_context, factored, triangles, Q.View, CancellationToken.None);
            HouseholderQr<S, V, T>.FormQ(_context, factored, triangles, full.View, CancellationToken.None);
            T[] ones = new T[k];
            Array.Fill(ones, T.One);
            Assert.That(SvdResiduals.Decomposition(A.View, Q.View, ones, R.View), Is.LessThan(SvdResiduals.Limit));
            Assert.That(SvdResiduals.Orthonormality(Q.View), Is.LessThan(SvdResiduals.Limit));
            Assert.That(SvdResiduals.Orthonormality(full.View), Is.LessThan(SvdResiduals.Limit));

            using Matrix<T> product = Matrix<T>.From(A.View);
            HouseholderQr<S, V, T>.Apply(
                _context, factored, triangles, transposed: true, product.View, CancellationToken.None);
            double tolerance = SvdResiduals.Limit * Math.Max(rows, columns) * SvdResiduals.Epsilon<T>();
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    double expected = i < k ? double.CreateChecked(R[i, j]) : 0;
                    Assert.That(double.CreateChecked(product[i, j]), Is.EqualTo(expected).Within(tolerance));
                }
            }
        }
    }

    [Test]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        T[]? expected = null;
        foreach (int threads in new[] { 1, 2, 3 })
        {
            using SimdContext context = new(new WorkerPool(threads), new ScratchPool());
            using Matrix<T> A = SvdMatrices.Round<T>(SvdMatrices.Make("random", 400, 150, typeof(T) == typeof(float)));
            using Scratch<T> memory = context.Scratch.Rent<T>(HouseholderQr<S, V, T>.TrianglesLength(400, 150));
            HouseholderQr<S, V, T>.Factor(
                context, A.View, HouseholderQr<S, V, T>.Triangles(memory, 400, 150), CancellationToken.None);
            T[] bits = new T[400 * 150];
            for (int i = 0; i < 400; i++)
            {
                A.View.RowSpan(i).CopyTo(bits.AsSpan(i * 150));
            }

            expected ??= bits;
            Assert.That(bits.AsSpan().SequenceEqual(expected), $"{threads} threads");
        }
    }
}
