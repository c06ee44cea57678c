using System.Globalization;

namespace VemKernels.Data;

/// <summary>
/// A 4 x 4 matrix from voxel indices (i, j, k, 1) to positions (x, y, z, 1), in the units of the image.
/// </summary>
public sealed class Affine
{
    /// <summary>Rows and columns.</summary>
    public const int Size = 4;

    private readonly double[] _elements;

    /// <summary>Makes an affine from its first three rows.</summary>
    /// <param name="rows">Twelve elements, row by row.</param>
    /// <exception cref="ArgumentException">There are not twelve.</exception>
    public Affine(ReadOnlySpan<double> rows)
    {
        if (rows.Length != (Size - 1) * Size)
        {
            throw new ArgumentException(
                $"{rows.Length} elements for the first three rows of an affine; expected 12.", nameof(rows));
        }

        _elements = [.. rows, 0, 0, 0, 1];
    }

    /// <summary>The element at (row, column).</summary>
    public double this[int row, int column] => _elements[(row * Size) + column];

    /// <summary>The position of a voxel.</summary>
    public (double X, double Y, double Z) Apply(double i, double j, double k) =>
        (Row(0, i, j, k), Row(1, i, j, k), Row(2, i, j, k));

    /// <inheritdoc/>
    public override string ToString() => string.Join(
        "; ", _elements.Chunk(Size).Select(row => string.Join(' ', row.Select(Rounded))));

    /// <summary>
    /// The rotation of a unit quaternion (a, b, c, d) with a = sqrt(1 - b b - c c - d d), times voxel sizes, plus an
    /// offset: the "method 2" of the NIfTI-1 standard (nifti1.h, section "method 2").
    /// </summary>
    /// <param name="b">Quaternion.</param>
    /// <param name="c">Quaternion.</param>
    /// <param name="d">Quaternion.</param>
    /// <param name="sizes">Voxel sizes along i, j, k; the last one negative where the standard's qfac is -1.</param>
    /// <param name="offset">Position of voxel (0, 0, 0).</param>
    internal static Affine FromQuaternion(
        double b, double c, double d, ReadOnlySpan<double> sizes, ReadOnlySpan<double> offset)
    {
        double squares = (b * b) + (c * c) + (d * d);
        double a = 0;
        if (squares > 1)
        {
            // Rounded to a little over length 1: a rotation by 180 degrees.
            double length = Math.Sqrt(squares);
            (b, c, d) = (b / length, c / length, d / length);
        }
        else
        {
            a = Math.Sqrt(1 - squares);
        }

        return new(
        [
            ((a * a) + (b * b) - (c * c) - (d * d)) * sizes[0],
            2 * ((b * c) - (a * d)) * sizes[1],
            2 * ((b * d) + (a * c)) * sizes[2],
            offset[0],
            2 * ((b * c) + (a * d)) * sizes[0],
            ((a * a) + (c * c) - (b * b) - (d * d)) * sizes[1],
            2 * ((c * d) - (a * b)) * sizes[2],
            offset[1],
            2 * ((b * d) - (a * c)) * sizes[0],
            2 * ((c * d) + (a * b)) * sizes[1],
            ((a * a) + (d * d) - (c * c) - (b * b)) * sizes[2],
            offset[2],
        ]);
    }

    private static string Rounded(double element) => element.ToString("G6", CultureInfo.InvariantCulture);

    private double Row(int row, double i, double j, double k) =>
        (this[row, 0] * i) + (this[row, 1] * j) + (this[row, 2] * k) + this[row, 3];
}
