using NUnit.Framework;

namespace VemKernels.Kernels.Tests.Contract;

/// <summary>What a result should be, and by how much rounding may move each of its elements.</summary>
internal sealed record Estimate(double[,] Value, double[,] Error)
{
    public int Rows => Value.GetLength(0);

    public int Columns => Value.GetLength(1);

    /// <summary>Values that are known.</summary>
    public static Estimate Exact(double[,] values) => new(values, new double[values.GetLength(0), values.GetLength(1)]);

    public static Estimate Make(int rows, int columns, Func<int, int, (double Value, double Error)> element)
    {
        Estimate result = Exact(new double[rows, columns]);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                (result.Value[i, j], result.Error[i, j]) = element(i, j);
            }
        }

        return result;
    }

    public Estimate SelectRows(ReadOnlySpan<int> indices) =>
        new(Arrays.Rows(Value, indices), Arrays.Rows(Error, indices));

    /// <summary>Asserts that a result is within the error of the estimate.</summary>
    public void RequireNear(double[,] actual)
    {
        Assert.That((actual.GetLength(0), actual.GetLength(1)), Is.EqualTo((Rows, Columns)));
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                double difference = Math.Abs(actual[i, j] - Value[i, j]);
                if (!(difference <= Error[i, j]))
                {
                    Assert.Fail(
                        $"Element ({i}, {j}) of {Rows} x {Columns} is {actual[i, j]:G17}; expected {Value[i, j]:G17} "
                        + $"to within {Error[i, j]:G3}, is {difference:G3} away.");
                }
            }
        }
    }
}
