using System.Numerics;

namespace VemKernels.Reference;

/// <content>Proximal gradient descent.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void SparseGroupProximalStep<T>(
        double step, double momentum, ReadOnlySpan<int> groupEnds, DeviceView<T>? linear, DeviceView<T> thresholds, DeviceView<T> active,
        DeviceView<T> gradient, DeviceView<T> point, DeviceView<T> weights, DeviceView<double> changes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint rows = weights.Rows;
        nint columns = weights.Columns;
        GroupEnds.Require(groupEnds, rows, nameof(groupEnds));
        Shapes.Require(thresholds, 2, columns, nameof(thresholds));
        Shapes.Require(active, 1, columns, nameof(active));
        Shapes.Require(gradient, rows, columns, nameof(gradient));
        Shapes.Require(point, rows, columns, nameof(point));
        Shapes.Require(changes, 2, columns, nameof(changes));
        double[][] slope = Read(gradient);
        if (linear is { } given)
        {
            Shapes.Require(given, rows, columns, nameof(linear));
            RequireDisjoint(given, gradient, nameof(linear));
            RequireDisjoint(given, point, nameof(linear));
            RequireDisjoint(given, weights, nameof(linear));
            double[][] constant = Read(given, nameof(linear));
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    slope[i][j] -= constant[i][j];
                }
            }
        }

        RequireDisjoint(gradient, point);
        RequireDisjoint(gradient, weights);
        RequireDisjoint(point, weights);
        double[][] limits = Read(thresholds);
        double[] isActive = Read(active)[0];
        double[][] at = Read(point);
        double[][] before = Read(weights);
        double[][] norms = Dense.Zeros(2, (int)columns);
        for (int j = 0; j < columns; j++)
        {
            if (isActive[j] == 0)
            {
                continue;
            }

            double[] w = new double[rows];
            for (int i = 0; i < rows; i++)
            {
                double z = at[i][j] - (step * slope[i][j]);
                w[i] = Math.CopySign(Math.Max(Math.Abs(z) - limits[0][j], 0), z);
            }

            ShrinkGroups(w, groupEnds, limits[1][j]);
            for (int i = 0; i < rows; i++)
            {
                // The weights as the next step will find them: changes are of what is stored.
                w[i] = double.CreateTruncating(T.CreateTruncating(w[i]));
                double change = w[i] - before[i][j];
                norms[0][j] += change * change;
                norms[1][j] += w[i] * w[i];
                at[i][j] = w[i] + (momentum * change);
                before[i][j] = w[i];
            }
        }

        Write(at, point);
        Write(before, weights);
        Write(norms, changes);
    }

    private static void ShrinkGroups(double[] w, ReadOnlySpan<int> groupEnds, double threshold)
    {
        int start = 0;
        foreach (int end in groupEnds)
        {
            Span<double> group = w.AsSpan(start, end - start);
            double norm = Math.Sqrt(group.ToArray().Sum(value => value * value));
            foreach (ref double value in group)
            {
                value *= norm <= threshold ? 0 : 1 - (threshold / norm);
            }

            start = end;
        }
    }
}
