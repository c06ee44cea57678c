using VemKernels.Cli.Options;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Inputs;

/// <summary>The candidates of a random search, candidates x spaces.</summary>
internal static class Candidates
{
    /// <summary>What was asked for: those of a file, each space alone, or random ones.</summary>
    /// <exception cref="IOException">As of <see cref="Read"/>.</exception>
    /// <exception cref="OptionException">A concentration too small to draw from.</exception>
    public static Matrix<double> Of(SearchOptions options, int spaces) =>
        options.Gammas is { } path ? Read(path, spaces)
        : options.WinnerTakeAll ? EachAlone(spaces)
        : Draw(options, spaces);

    /// <summary>
    /// Draws from Dirichlet distributions of the concentrations in turn; the first candidate is equal weights instead.
    /// </summary>
    private static Matrix<double> Draw(SearchOptions options, int spaces) => OptionException.Guard(
        "--concentrations",
        () => RandomCandidates.Draw(options.Iterations, spaces, options.Seed, options.Concentrations));

    private static Matrix<double> EachAlone(int spaces)
    {
        Matrix<double> gammas = new(spaces, spaces);
        for (int space = 0; space < spaces; space++)
        {
            gammas[space, space] = 1;
        }

        return gammas;
    }

    /// <summary>Reads candidates from a .npy file.</summary>
    /// <exception cref="IOException">
    /// The file is missing or damaged, has another number of spaces, or a weight that is negative or not finite.
    /// </exception>
    public static Matrix<double> Read(string path, int spaces)
    {
        Matrix<double> gammas = NpyFile.Read<double>(path);
        string? problem = Problem(gammas.View, spaces);
        if (problem is null)
        {
            return gammas;
        }

        gammas.Dispose();
        throw new DataFormatException(path, problem);
    }

    private static string? Problem(MatrixView<double> gammas, int spaces)
    {
        if (gammas.Rows == 0 || gammas.Columns != spaces)
        {
            return $"{gammas.Rows} x {gammas.Columns} candidates; expected candidates x {spaces} spaces";
        }

        for (nint i = 0; i < gammas.Rows; i++)
        {
            double sum = 0;
            for (nint j = 0; j < gammas.Columns; j++)
            {
                if (!(gammas[i, j] >= 0 && double.IsFinite(gammas[i, j])))
                {
                    return $"candidate {i}, space {j} (counted from 0): weight {gammas[i, j]}; expected 0 or more";
                }

                sum += gammas[i, j];
            }

            if (sum == 0)
            {
                return $"candidate {i} (counted from 0): all weights are 0";
            }
        }

        return null;
    }
}
