using System.Net;
using System.Text;

namespace VemKernels.Cli.Report;

/// <summary>
/// Writes one inline picture, element by element. Colours come from the page's style sheet, through classes.
/// </summary>
/// <param name="width">In pixels, before the page scales it.</param>
/// <param name="height">In pixels.</param>
/// <param name="title">What the picture shows, for those who cannot see it.</param>
internal sealed class Svg(double width, double height, string title)
{
    private readonly StringBuilder _elements = new();

    /// <summary>A straight line.</summary>
    public void Line(double x1, double y1, double x2, double y2, string style) =>
        _elements.Append($"<line x1=\"{x1:F1}\" y1=\"{y1:F1}\" x2=\"{x2:F1}\" y2=\"{y2:F1}\" class=\"{style}\"/>\n");

    /// <summary>A rectangle, which says something when pointed at.</summary>
    public void Rectangle(double x, double y, double w, double h, string style, string hint) =>
        _elements.Append(
            $"<rect x=\"{x:F1}\" y=\"{y:F1}\" width=\"{w:F1}\" height=\"{h:F1}\" "
            + $"class=\"{style}\"><title>{Escape(hint)}</title></rect>\n");

    /// <summary>A dot, which says something when pointed at.</summary>
    public void Dot(double x, double y, double radius, string style, string hint) =>
        _elements.Append($"<circle cx=\"{x:F1}\" cy=\"{y:F1}\" r=\"{radius:F1}\" "
            + $"class=\"{style}\"><title>{Escape(hint)}</title></circle>\n");

    /// <summary>Lines from point to point.</summary>
    public void Polyline(IEnumerable<(double X, double Y)> points, string style) =>
        _elements.Append(
            $"<polyline points=\"{string.Join(' ', points.Select(p => $"{p.X:F1},{p.Y:F1}"))}\" class=\"{style}\"/>\n");

    /// <summary>Words; a superscript may follow them.</summary>
    /// <param name="x">Where the text is anchored.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="text">The words.</param>
    /// <param name="anchor">start, middle or end.</param>
    /// <param name="style">Classes.</param>
    /// <param name="superscript">Follows raised, as an exponent does.</param>
    public void Text(double x, double y, string text, string anchor, string style, string superscript = "")
    {
        string raised = superscript.Length == 0 ? ""
            : $"<tspan dy=\"-5\" class=\"exponent\">{Escape(superscript)}</tspan>";
        _elements.Append($"<text x=\"{x:F1}\" y=\"{y:F1}\" text-anchor=\"{anchor}\" "
            + $"class=\"{style}\">{Escape(text)}{raised}</text>\n");
    }

    /// <summary>Words that read upwards, for a vertical axis.</summary>
    public void VerticalText(double x, double y, string text, string style) =>
        _elements.Append(
            $"<text transform=\"translate({x:F1} {y:F1}) rotate(-90)\" text-anchor=\"middle\" "
            + $"class=\"{style}\">{Escape(text)}</text>\n");

    /// <summary>The picture.</summary>
    public override string ToString() =>
        $"<svg viewBox=\"0 0 {width:F0} {height:F0}\" role=\"img\" "
        + $"aria-label=\"{Escape(title)}\">\n{_elements}</svg>\n";

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
