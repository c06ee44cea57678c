namespace VemKernels.Cli.Report;

/// <summary>The plot area of a picture with axes: margins, grid lines, numbers and names of the axes.</summary>
internal static class Frame
{
    /// <summary>Width of all pictures.</summary>
    public const double Width = 720;

    /// <summary>Height of pictures with two axes.</summary>
    public const double Height = 340;

    /// <summary>Left edge of the plot area.</summary>
    public const double Left = 72;

    /// <summary>Right edge of the plot area.</summary>
    public const double Right = Width - 16;

    /// <summary>Upper edge of the plot area.</summary>
    public const double Top = 16;

    /// <summary>Lower edge of the plot area.</summary>
    public const double Bottom = Height - 52;

    private const int VerticalTicks = 5;
    private const double NumberGap = 8;
    private const double NumberDrop = 20;
    private const double NameDrop = 42;
    private const double NameLeft = 14;
    private const double HalfDigit = 4;

    /// <summary>A scale across the plot area.</summary>
    public static Scale Across(double from, double to) => new(from, to, Left, Right);

    /// <summary>A scale up the plot area.</summary>
    public static Scale Up(double from, double to) => new(from, to, Bottom, Top);

    /// <summary>Grid lines and numbers up the left side, and the axis' name.</summary>
    public static void DrawVertical(Svg svg, Scale scale, string name, string format)
    {
        foreach (double tick in scale.Ticks(VerticalTicks))
        {
            svg.Line(Left, scale[tick], Right, scale[tick], Math.Abs(tick) < double.Epsilon ? "axis" : "grid");
            svg.Text(Left - NumberGap, scale[tick] + HalfDigit, Number(tick, format), "end", "number");
        }

        svg.VerticalText(NameLeft, (Top + Bottom) / 2, name, "name");
    }

    /// <summary>Grid lines and powers of ten up the left side, and the axis' name.</summary>
    /// <param name="svg">The picture.</param>
    /// <param name="scale">The scale up, of exponents.</param>
    /// <param name="exponents">The exponents to mark.</param>
    /// <param name="name">What the axis shows.</param>
    public static void DrawVerticalPowers(Svg svg, Scale scale, IEnumerable<int> exponents, string name)
    {
        foreach (int exponent in exponents)
        {
            svg.Line(Left, scale[exponent], Right, scale[exponent], "grid");
            svg.Text(
                Left - NumberGap, scale[exponent] + HalfDigit, "10", "end", "number", Number(exponent, "F0"));
        }

        svg.VerticalText(NameLeft, (Top + Bottom) / 2, name, "name");
    }

    /// <summary>Numbers along the bottom, and the axis' name.</summary>
    /// <param name="svg">The picture.</param>
    /// <param name="scale">The scale across.</param>
    /// <param name="ticks">The values to mark.</param>
    /// <param name="label">A value's text and, raised, its exponent.</param>
    /// <param name="name">What the axis shows.</param>
    public static void DrawHorizontal(
        Svg svg, Scale scale, IEnumerable<double> ticks, Func<double,
        (string Text, string Exponent)> label, string name)
    {
        const double MarkLength = 5;
        svg.Line(Left, Bottom, Right, Bottom, "axis");
        foreach (double tick in ticks)
        {
            (string text, string exponent) = label(tick);
            svg.Line(scale[tick], Bottom, scale[tick], Bottom + MarkLength, "axis");
            svg.Text(scale[tick], Bottom + NumberDrop, text, "middle", "number", exponent);
        }

        svg.Text((Left + Right) / 2, Bottom + NameDrop, name, "middle", "name");
    }

    /// <summary>A number as axes have it: a true minus, and no minus before zero.</summary>
    public static string Number(double value, string format)
    {
        const double Rounding = 1e-12;
        return (Math.Abs(value) < Rounding ? 0 : value).ToString(format).Replace('-', '\u2212');
    }
}
