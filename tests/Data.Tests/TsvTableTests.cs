using System.Text;
using NUnit.Framework;

namespace VemKernels.Data.Tests;

internal sealed class TsvTableTests : FileTests
{
    [Test]
    public void Columns_of_numbers_and_text_are_read([Values("\n", "\r\n")] string end, [Values("a.tsv", "a.csv", "a.txt")] string name)
    {
        string separator = name == "a.csv" ? "," : "\t";
        string text = string.Join(end, "run|x|category", "1|-2.5e1|rest", "2|n/a|face", "").Replace("|", separator);
        WriteBytes(name, [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)]);
        TsvTable table = TsvTable.Read(At(name));
        using Matrix<float> numeric = table.ToMatrix<float>();
        using Matrix<double> x = table.ToMatrix<double>("x");
        Assert.That(table.Columns, Is.EqualTo(new[] { "run", "x", "category" }));
        Assert.That(table.NumericColumns, Is.EqualTo(new[] { "run", "x" }));
        Assert.That(table.Rows, Is.EqualTo(2));
        Assert.That(table.Text("category"), Is.EqualTo(new[] { "rest", "face" }));
        Assert.That(table.Numbers("x"), Is.EqualTo(new[] { -25, double.NaN }));
        Assert.That(Values(numeric.View), Is.EqualTo(new[] { 1, -25, 2, float.NaN }));
        Assert.That(Values(x.View), Is.EqualTo(new[] { -25, double.NaN }));
    }

    [Test]
    public void A_column_is_numeric_where_more_cells_are_numbers_than_text()
    {
        TsvTable table = Read("a\tb\tc\td\te\nn/a\t1\tnan\t1\t1\nn/a\t\t2\tx\t2\nn/a\t\t3\tn/a\tx\n");
        Assert.That(table.NumericColumns, Is.EqualTo(new[] { "b", "c", "e" }));
        Assert.That(table.IsNumeric("a"), Is.False);
        Assert.That(table.IsNumeric("d"), Is.False);
    }

    [TestCase("1\n2\n\t\n", "line 4, column 'x': an empty cell is not a number, as most cells of the column are")]
    [TestCase("1\n2,5\n3\n", "line 3, column 'x': '2,5' is not a number, as most cells of the column are")]
    [TestCase("face\nhouse\n1\n", "line 2, column 'x': 'face' is not a number")]
    public void A_gap_or_a_slip_among_numbers_is_told_by_line_and_column(string cells, string problem)
    {
        string[] rows = [.. cells.TrimEnd('\n').Split('\n').Select(cell => $"{cell.Trim()}\t0\n")];
        TsvTable table = Read($"x\ty\n{string.Concat(rows)}");
        RequireProblem(At("a.tsv"), () => table.Numbers("x"), problem);
        RequireProblem(At("a.tsv"), () => table.ToMatrix<float>("x"), problem);
        RequireProblem(At("a.tsv"), () => table.RequireFinite("y", "x"), problem);
    }

    [TestCase("n/a")]
    [TestCase("Infinity")]
    [TestCase("nan")]
    public void A_cell_that_is_not_finite_is_told_where_it_must_be(string cell)
    {
        TsvTable table = Read($"y\tx\n1\t1\n1\t{cell}\n");
        Assert.That(double.IsFinite(table.Numbers("x")[1]), Is.False);
        Assert.DoesNotThrow(() => table.RequireFinite("y"));
        RequireProblem(
            At("a.tsv"), () => table.RequireFinite("y", "x"),
            $"line 3, column 'x': '{cell}' is not a finite number");
    }

    [TestCase("", "an empty cell")]
    [TestCase("n/a", "'n/a'")]
    public void A_gap_among_categories_is_told_by_line_and_column(string cell, string found)
    {
        TsvTable table = Read($"a\tb\nrest\t1\nface\t1\n{cell}\t1\n");
        Assert.That(table.Text("a")[2], Is.EqualTo(cell));
        Assert.That(table.Labels("b"), Is.EqualTo(new[] { "1", "1", "1" }));
        RequireProblem(
            At("a.tsv"), () => table.Labels("a"), $"line 4, column 'a': {found} is not a category");
    }

    [Test]
    public void An_unknown_column_is_told_with_those_there_are() =>
        RequireProblem(
            At("a.tsv"), () => Read("run\tcategory\n1\trest\n").Text("runs"), "no column 'runs'; it has run, category");

    [Test]
    public void A_cell_that_is_not_a_number_is_told_by_line_and_column()
    {
        TsvTable table = Read("run\tcategory\n1\trest\nx\trest\n");
        RequireProblem(At("a.tsv"), () => table.Numbers("run"), "line 3, column 'run': 'x' is not a number");
        RequireProblem(At("a.tsv"), () => table.ToMatrix<float>(), "no column holds numbers; it has run, category");
        RequireProblem(
            At("a.tsv"), () => table.ToMatrix<float>("category"), "line 2, column 'category': 'rest' is not a number");
    }

    [TestCase("a\tb\n1\t2\n3\n", "line 3: 1 cells, the first line names 2, column 'b' is missing")]
    [TestCase("a\tb\n1\t2\t3\n", "line 2: 3 cells, the first line names 2")]
    [TestCase("a\tb\n1\t2\n\n3\t4\n", "line 3: is empty")]
    [TestCase("a\tb\n", "no rows")]
    [TestCase("\n1\n", "line 1: a column has no name")]
    [TestCase(
        "1\t2.5\n3\t4\n",
        "the first line is taken as column names, and all of them are numbers; add a header line")]
    [TestCase("a\ta\n1\t2\n", "two columns are named 'a'")]
    [TestCase("", "is empty")]
    public void A_table_out_of_shape_is_told_in_one_line(string text, string problem) =>
        RequireProblem(At("a.tsv"), () => Read(text), problem);

    [Test]
    public void Quoted_cells_are_refused()
    {
        string path = WriteBytes("a.csv", "a,b\n1,\"x,y\"\n"u8);
        RequireProblem(path, () => TsvTable.Read(path), "line 2, cell 2: quoted cells are not supported");
    }

    [Test]
    public void A_missing_file_is_told_by_name() =>
        Assert.Throws<FileNotFoundException>(() => TsvTable.Read(At("none.tsv")));

    private TsvTable Read(string text) => TsvTable.Read(WriteBytes("a.tsv", Encoding.UTF8.GetBytes(text)));
}
