using System.Net;
using System.Text;

namespace VemKernels.Cli.Report;

/// <summary>Writes the body of a report, section by section: what the pages of all commands are made of.</summary>
internal sealed class ReportBody
{
    private readonly StringBuilder _html = new();

    /// <summary>The name of the command, the title, and what was done.</summary>
    public void Header(string command, string title, string lead) => _html.Append($"""
        <header>
        <p class="kicker">{Escape(command)}</p>
        <h1>{Escape(title)}</h1>
        <p class="lead">{Escape(lead)}</p>
        </header>

        """);

    /// <summary>A row of figures, each over its meaning.</summary>
    public void Tiles(params IEnumerable<(string Figure, string Meaning)> tiles)
    {
        _html.Append("<section class=\"tiles\">\n");
        foreach ((string figure, string meaning) in tiles)
        {
            _html.Append(Tile(figure, meaning)).Append('\n');
        }

        _html.Append("</section>\n");
    }

    /// <summary>A picture under its title and caption, with a legend where there are groups.</summary>
    /// <param name="title">What it answers.</param>
    /// <param name="caption">How to read it.</param>
    /// <param name="groups">What its colours stand for; none: no legend.</param>
    /// <param name="picture">SVG.</param>
    public void Figure(string title, string caption, IReadOnlyList<ReportGroup> groups, string picture)
    {
        Begin(title, caption);
        _html.Append("<figure>\n");
        if (groups.Count > 0)
        {
            _html.Append("<div class=\"legend\">");
            foreach (ReportGroup group in groups)
            {
                _html.Append($"<span>{Swatch(group)}{Escape(group.Name)}</span>");
            }

            _html.Append("</div>\n");
        }

        _html.Append($"{picture}</figure>\n");
        End();
    }

    /// <summary>A table under its title and, where there is one, a caption.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="caption">How to read it; may be empty.</param>
    /// <param name="heads">The names of the columns.</param>
    /// <param name="rows">Cells as HTML, the first of each row its name; see <see cref="Cell"/>.</param>
    public void Table(
        string title, string caption, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows)
    {
        Begin(title, caption);
        _html.Append("<table>\n<thead><tr>");
        foreach (string head in heads)
        {
            _html.Append($"<th>{Escape(head)}</th>");
        }

        _html.Append("</tr></thead>\n<tbody>\n");
        foreach (IReadOnlyList<string> row in rows)
        {
            _html.Append($"<tr><th scope=\"row\">{row[0]}</th>{string.Concat(row.Skip(1))}</tr>\n");
        }

        _html.Append("</tbody>\n</table>\n");
        End();
    }

    /// <summary>Seconds by stage, as bars.</summary>
    public void Timings(string title, string caption, IReadOnlyDictionary<string, double> timings)
    {
        Begin(title, caption);
        double longest = timings.Values.Append(double.Epsilon).Max();
        _html.Append("<table class=\"timings\">\n<tbody>\n");
        foreach ((string stage, double seconds) in timings)
        {
            _html.Append($"<tr><th scope=\"row\">{Escape(stage)}</th><td>{seconds:F2} s</td>"
                + $"<td class=\"bar\"><span style=\"width:{100 * seconds / longest:F1}%\"></span></td></tr>\n");
        }

        _html.Append("</tbody>\n</table>\n");
        End();
    }

    /// <summary>Names and words beside them.</summary>
    public void Pairs(string title, string caption, IEnumerable<(string Name, string Text)> pairs)
    {
        Begin(title, caption);
        _html.Append("<table class=\"pairs\">\n<tbody>\n");
        foreach ((string name, string text) in pairs)
        {
            _html.Append($"<tr><th scope=\"row\">{Escape(name)}</th><td>{Escape(text)}</td></tr>\n");
        }

        _html.Append("</tbody>\n</table>\n");
        End();
    }

    /// <summary>The last line.</summary>
    /// <param name="html">As HTML.</param>
    public void Footer(string html) => _html.Append($"<footer>{html}</footer>\n");

    /// <summary>HTML as it stands.</summary>
    public void Append(string html) => _html.Append(html);

    /// <summary>A cell of a table.</summary>
    /// <param name="text">Its words.</param>
    /// <param name="style">A class; may be empty.</param>
    public static string Cell(string text, string style = "") =>
        style.Length == 0 ? $"<td>{Escape(text)}</td>" : $"<td class=\"{style}\">{Escape(text)}</td>";

    /// <summary>A square of a group's colour.</summary>
    public static string Swatch(ReportGroup group) => $"<span class=\"swatch bg-{group.Colour}\"></span>";

    /// <summary>A figure over its meaning.</summary>
    public static string Tile(string figure, string meaning) =>
        $"<div class=\"tile\"><strong>{Escape(figure)}</strong><span>{Escape(meaning)}</span></div>";

    /// <summary>Text as HTML.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <inheritdoc/>
    public override string ToString() => $"{_html}";

    private void Begin(string title, string caption)
    {
        _html.Append($"<section>\n<h2>{Escape(title)}</h2>\n");
        if (caption.Length > 0)
        {
            _html.Append($"<p class=\"caption\">{Escape(caption)}</p>\n");
        }
    }

    private void End() => _html.Append("</section>\n");
}
