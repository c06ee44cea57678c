using VemKernels.Bench.Inputs;

namespace VemKernels.Bench.Modes;

/// <summary>
/// Writes a data set for <c>vem fit</c>, float32: features of some spaces and responses; prints the files, responses
/// last.
/// </summary>
internal static class FitInputsMode
{
    private const int Seed = 1;

    /// <summary>Arguments: FOLDER --samples N --targets N --spaces N --features N (of each space).</summary>
    public static void Run(Arguments arguments)
    {
        string path = arguments.Positional(0);
        int samples = arguments.Integer("--samples");
        int features = arguments.Integer("--features");
        InputFolder folder = new(path);
        for (int space = 0; space < arguments.Integer("--spaces"); space++)
        {
            Console.WriteLine(folder.Require(SyntheticInputs.Normal<float>(samples, features, Seed + space)));
        }

        Console.WriteLine(folder.Require(SyntheticInputs.Targets<float>(samples, features, arguments.Integer("--targets"), Seed)));
    }
}
