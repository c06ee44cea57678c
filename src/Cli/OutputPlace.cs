using VemKernels.Data;

namespace VemKernels.Cli;

/// <summary>Keeps what a command writes away from what it reads.</summary>
internal static class OutputPlace
{
    /// <summary>Requires an output folder, which replaces what stands in its place, to hold no input.</summary>
    /// <exception cref="OptionException">It holds one; the message names both.</exception>
    public static void RequireFolderWithout(string folder, IEnumerable<string> inputs)
    {
        if (inputs.FirstOrDefault(input => FileLocation.IsInside(input, folder)) is { } inside)
        {
            throw new OptionException(
                $"--out {folder}", $"the folder holds the input {inside}, which would be lost; choose another");
        }
    }

    /// <summary>Requires an output file to be no input.</summary>
    /// <param name="file">The output.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="option">The option that names the output.</param>
    /// <exception cref="OptionException">It is one; the message names both.</exception>
    public static void RequireFileOtherThan(string file, IEnumerable<string> inputs, string option = "--out")
    {
        if (inputs.FirstOrDefault(input => FileLocation.IsSame(input, file)) is { } same)
        {
            throw new OptionException($"{option} {file}", $"is the input {same}; choose another file");
        }
    }

    /// <summary>Requires an output folder to be another one than the model's.</summary>
    /// <param name="folder">The output.</param>
    /// <param name="model">The model's folder; null for none.</param>
    /// <exception cref="OptionException">It is the same one, or holds it.</exception>
    public static void RequireFolderOtherThan(string folder, string? model)
    {
        if (model is not null && (FileLocation.IsSame(folder, model) || FileLocation.IsInside(model, folder)))
        {
            throw new OptionException($"--out {folder}", $"the model {model} would be lost; choose another folder");
        }
    }

    /// <summary>Requires an output file to lie outside of a folder that the command reads.</summary>
    /// <exception cref="OptionException">It lies inside; the message names both.</exception>
    public static void RequireFileOutside(string file, string folder)
    {
        if (FileLocation.IsInside(file, folder))
        {
            throw new OptionException($"--out {file}", $"lies in the model's folder {folder}; choose another place");
        }
    }
}
