using System.Numerics;
using VemKernels.Cli.Options;
using VemKernels.Data;

namespace VemKernels.Cli.Inputs;

/// <summary>Hyper-parameters in .npy files, checked against the data.</summary>
internal static class Numbers
{
    /// <summary>A given alpha: one for all targets, or one a target.</summary>
    /// <exception cref="IOException">The file cannot be read, or has not one positive number a target.</exception>
    public static double[] Alphas(AlphaArgument? argument, nint targets) =>
        argument?.Path is { } path
            ? Vector(path, targets, "targets", number => number > 0, "over 0")
            : [argument?.Value ?? 1];

    /// <summary>Weights of the training samples' squared errors; null where there is no file.</summary>
    /// <exception cref="IOException">
    /// The file cannot be read, or has not one number a sample, 0 or more, not all training ones 0.
    /// </exception>
    public static double[]? SampleWeights(string? path, int samples, int[] train)
    {
        if (path is null)
        {
            return null;
        }

        double[] all = Vector(path, samples, "samples", number => number >= 0, "0 or more");
        double[] weights = [.. train.Select(sample => all[sample])];
        return weights.Any(weight => weight > 0)
            ? weights
            : throw new DataFormatException(path, "the weights of all training samples are 0");
    }

    /// <summary>Log kernel weights, kernels x targets; a column for all targets is repeated.</summary>
    /// <exception cref="IOException">
    /// The file cannot be read, has another shape, or a number whose exponential is not finite.
    /// </exception>
    public static Matrix<T> Deltas<T>(string path, int kernels, nint targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Matrix<T> read = NpyFile.Read<T>(path);
        if (read.Rows != kernels || (read.Columns != targets && read.Columns != 1))
        {
            throw new DataFormatException(
                path, $"{read.Rows} x {read.Columns} deltas; expected {kernels} spaces x {targets} targets, or x 1");
        }

        Matrix<T> deltas = Matrix<T>.Uninitialized(kernels, targets);
        try
        {
            for (nint i = 0; i < kernels; i++)
            {
                for (nint j = 0; j < targets; j++)
                {
                    deltas[i, j] = read[i, read.Columns == 1 ? 0 : j];
                    if (!T.IsFinite(T.Exp(deltas[i, j])))
                    {
                        throw new DataFormatException(
                            path, $"space {i}, target {j} (counted from 0): delta {deltas[i, j]} has no finite "
                                + "exponential");
                    }
                }
            }

            return deltas;
        }
        catch
        {
            deltas.Dispose();
            throw;
        }
    }

    private static double[] Vector(string path, nint count, string noun, Func<double, bool> isValid, string expected)
    {
        using NpyArray array = NpyFile.Open(path);
        double[] numbers = array.ToDoubles();
        if (numbers.Length != count)
        {
            throw new DataFormatException(path, $"{numbers.Length} numbers; expected one for each of {count} {noun}");
        }

        int wrong = Array.FindIndex(numbers, number => !double.IsFinite(number) || !isValid(number));
        return wrong < 0
            ? numbers
            : throw new DataFormatException(
                path, $"number {wrong} (counted from 0) is {numbers[wrong]}; expected {expected}");
    }
}
