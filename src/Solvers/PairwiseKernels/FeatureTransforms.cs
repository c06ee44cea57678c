using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>
/// A fitted step of preprocessing: samples x features to samples x (other) features; whoever calls it disposes the
/// result.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="X">samples x features.</param>
public delegate Matrix<T> FeatureTransform<T>(MatrixView<T> X)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>
/// A step of preprocessing: looks at the training samples and returns what is to be done with them and with new ones.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="X">training samples x features.</param>
public delegate FeatureTransform<T> FitPreprocessing<T>(MatrixView<T> X)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>The steps of preprocessing that come with the library.</summary>
public static class FeatureTransforms
{
    /// <summary>
    /// scikit-learn's StandardScaler: each column less its training mean, over its (population) training standard
    /// deviation. A column that is constant in training, but for rounding, is not divided.
    /// </summary>
    /// <param name="withMean">Whether to subtract the mean.</param>
    /// <param name="withStd">Whether to divide by the standard deviation.</param>
    public static FitPreprocessing<T> StandardScaler<T>(bool withMean = true, bool withStd = true)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => X => FitScaler(X, withMean, withStd);

    private static FeatureTransform<T> FitScaler<T>(MatrixView<T> X, bool withMean, bool withStd)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (X.Rows == 0)
        {
            throw new ArgumentException("A scaler needs at least one training sample.", nameof(X));
        }

        double[] shifts = new double[X.Columns];
        double[] scales = new double[X.Columns];
        for (int j = 0; j < shifts.Length; j++)
        {
            (double mean, double deviation) = Moments(X.SliceColumns(j, 1));
            bool constant = deviation <= Precision.Epsilon<T>() * Math.Abs(mean);
            shifts[j] = withMean ? mean : 0;
            scales[j] = withStd && !constant ? deviation : 1;
        }

        return samples => Scale(samples, shifts, scales);
    }

    /// <summary>
    /// Mean and population standard deviation, relative to the first value: a constant has exactly itself as mean.
    /// </summary>
    private static (double Mean, double Deviation) Moments<T>(MatrixView<T> column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double origin = double.CreateTruncating(column[0, 0]);
        double sum = 0;
        for (nint i = 0; i < column.Rows; i++)
        {
            sum += double.CreateTruncating(column[i, 0]) - origin;
        }

        double mean = origin + (sum / column.Rows);
        double squares = 0;
        for (nint i = 0; i < column.Rows; i++)
        {
            double difference = double.CreateTruncating(column[i, 0]) - mean;
            squares += difference * difference;
        }

        return (mean, Math.Sqrt(squares / column.Rows));
    }

    private static Matrix<T> Scale<T>(MatrixView<T> X, double[] shifts, double[] scales)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(X, X.Rows, shifts.Length, nameof(X));
        Matrix<T> scaled = Matrix<T>.Uninitialized(X.Rows, X.Columns);
        MatrixView<T> target = scaled.View;
        for (nint i = 0; i < X.Rows; i++)
        {
            for (int j = 0; j < shifts.Length; j++)
            {
                target[i, j] = T.CreateTruncating((double.CreateTruncating(X[i, j]) - shifts[j]) / scales[j]);
            }
        }

        return scaled;
    }
}
