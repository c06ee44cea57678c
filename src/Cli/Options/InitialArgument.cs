using System.Globalization;

namespace VemKernels.Cli.Options;

/// <summary>What a descent starts from.</summary>
internal enum InitialKind
{
    /// <summary>One number for all deltas.</summary>
    Constant,

    /// <summary>Ridge with cross-validated alpha.</summary>
    Ridge,

    /// <summary>A random search.</summary>
    RandomSearch,

    /// <summary>A .npy file of deltas.</summary>
    File,

    /// <summary>The folder of a fit: its deltas and dual weights.</summary>
    Model,
}

/// <summary>Where a descent starts: a number, ridge, random-search, or a .npy file of deltas.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Value">The number, where it is one.</param>
internal sealed record InitialArgument(string Text, InitialKind Kind, double Value = 0)
{
    /// <summary>Where it is not given.</summary>
    public const string Default = "0";

    /// <summary>The file or folder; null where there is none.</summary>
    public string? Path => Kind is InitialKind.File or InitialKind.Model ? Text : null;

    /// <summary>The folder of a fit.</summary>
    public static InitialArgument OfModel(string folder) => new(folder, InitialKind.Model);

    /// <summary>Parses a number, "ridge", "random-search" or FILE.npy.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static InitialArgument Parse(string text) =>
        text == "ridge" ? new(text, InitialKind.Ridge)
        : text == "random-search" ? new(text, InitialKind.RandomSearch)
        : text.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) ? new(text, InitialKind.File)
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && float.IsFinite(MathF.Exp((float)value))
            ? new(text, InitialKind.Constant, value)
        : throw new FormatException(
            "expected a number whose exponential is finite, ridge, random-search, or a .npy file");

    /// <summary>As it was written.</summary>
    public override string ToString() => Text;
}
