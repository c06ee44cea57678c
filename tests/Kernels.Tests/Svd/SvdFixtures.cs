using System.Numerics;
using System.Runtime.Intrinsics;
using NUnit.Framework;

namespace VemKernels.Tests.Svd;

/// <summary>What the fixtures of this folder share.</summary>
internal static class SvdFixtures
{
    /// <summary>Ignores the fixture where the machine lacks the vectors that it is about.</summary>
    public static void RequireVectors<V, T>()
    {
        if (typeof(V) == typeof(Vector512<T>) && !Vector512.IsHardwareAccelerated)
        {
            Assert.Ignore("This machine has no 512-bit vectors.");
        }

        if (typeof(V) == typeof(Vector256<T>) && !Vector256.IsHardwareAccelerated)
        {
            Assert.Ignore("This machine has no 256-bit vectors.");
        }
    }

    /// <summary>Asserts the three ratios, and that the values descend to no less than zero.</summary>
    public static void AssertDecomposition<T>(MatrixView<T> A, MatrixView<T> U, T[] s, MatrixView<T> Vt, string family)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string what = $"{family} {A.Rows} x {A.Columns}";
        Assert.That(
            SvdResiduals.Decomposition(A, U, s, Vt), Is.LessThan(SvdResiduals.Limit), $"A - U diag(s) Vt: {what}");
        Assert.That(SvdResiduals.Orthonormality(U), Is.LessThan(SvdResiduals.Limit), $"I - U'U: {what}");
        Assert.That(SvdResiduals.Orthonormality(Vt.Transposed), Is.LessThan(SvdResiduals.Limit), $"I - Vt Vt': {what}");
        for (int j = 0; j < s.Length; j++)
        {
            Assert.That(s[j] >= T.Zero && (j == 0 || s[j] <= s[j - 1]), $"not descending: {what}");
        }
    }
}
