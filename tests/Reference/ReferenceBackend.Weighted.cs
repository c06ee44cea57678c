using System.Numerics;

namespace VemKernels.Reference;

/// <content>Operations on columns that each have a factor of their own.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void ColumnDots<T>(DeviceView<T> A, DeviceView<T> B, DeviceView<double> dots)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] a = Read(A);
        double[][] b = Read(B);
        Own(dots, nameof(dots));
        Shapes.Require(B, A.Rows, A.Columns, nameof(B));
        Shapes.Require(dots, 1, A.Columns, nameof(dots));
        RequireDisjoint(A, dots);
        RequireDisjoint(B, dots);
        Write([[.. Enumerable.Range(0, (int)A.Columns).Select(j => Dense.Dot(Dense.Column(a, j), Dense.Column(b, j)))]], dots);
    }

    /// <inheritdoc/>
    public void CombineColumns<T>(DeviceView<T> A, DeviceView<T>? aFactors, DeviceView<T>? bFactors, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] a = Read(A);
        double[][] b = Read(B);
        Shapes.Require(B, A.Rows, A.Columns, nameof(B));
        RequireDisjoint(A, B);
        double[]? ofA = ColumnFactors(aFactors, nameof(aFactors));
        double[]? ofB = ColumnFactors(bFactors, nameof(bFactors));
        for (int i = 0; i < b.Length; i++)
        {
            for (int j = 0; j < b[i].Length; j++)
            {
                b[i][j] = ((ofA?[j] ?? 1) * a[i][j]) + ((ofB?[j] ?? 1) * b[i][j]);
            }
        }

        Write(b, B);

        double[]? ColumnFactors(DeviceView<T>? factors, string name)
        {
            if (factors is not { } given)
            {
                return null;
            }

            RequireDisjoint(given, B);
            return ReadVector(given, A.Columns, name);
        }
    }

    /// <inheritdoc/>
    public void ColumnMaxRatios<T>(DeviceView<T> A, DeviceView<T> B, DeviceView<double> ratios)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] a = Read(A);
        double[][] b = Read(B);
        Own(ratios, nameof(ratios));
        Shapes.Require(B, A.Rows, A.Columns, nameof(B));
        Shapes.Require(ratios, 1, A.Columns, nameof(ratios));
        RequireDisjoint(A, ratios);
        RequireDisjoint(B, ratios);
        double[] largest = new double[A.Columns];
        for (int j = 0; j < largest.Length; j++)
        {
            for (int i = 0; i < a.Length; i++)
            {
                double ratio = Math.Abs(a[i][j] / b[i][j]);
                largest[j] = b[i][j] == 0 ? largest[j] : Math.Max(largest[j], double.IsNaN(ratio) ? double.PositiveInfinity : ratio);
            }
        }

        Write([largest], ratios);
    }
}
