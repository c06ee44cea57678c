using System.Globalization;
using System.Numerics;

namespace VemKernels.Data;

/// <summary>
/// A table in a text file with a line of column names: separated by tabs, or by commas where the name ends with .csv.
/// Quoted cells are not supported. A cell n/a (BIDS) is a missing number, NaN.
/// </summary>
public sealed class TsvTable
{
    private const string Missing = "n/a";

    /// <summary>Lines are counted from 1, and the first has the names.</summary>
    private const int FirstRowLine = 2;

    private readonly string _path;
    private readonly Dictionary<string, Column> _columns = [];

    private TsvTable(string path, string[] columns, List<string[]> rows)
    {
        _path = path;
        Columns = columns;
        Rows = rows.Count;
        for (int column = 0; column < columns.Length; column++)
        {
            _columns[columns[column]] = new([.. rows.Select(row => row[column])]);
        }

        NumericColumns = [.. columns.Where(IsNumeric)];
    }

    /// <summary>The names of the columns, in the order of the file.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The names of the columns of numbers, as <see cref="IsNumeric"/> tells them.</summary>
    public IReadOnlyList<string> NumericColumns { get; }

    /// <summary>How many rows there are below the names.</summary>
    public int Rows { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">
    /// It has no rows, nothing but numbers for column names, two columns of one name, or a line with more or fewer
    /// cells than there are names.
    /// </exception>
    public static TsvTable Read(string path)
    {
        bool commas = path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
        using StreamReader reader = new(InputFile.Open(path));
        string[] columns = [.. (reader.ReadLine() ?? "").Split(commas ? ',' : '\t').Select(name => name.Trim())];
        RequireNames(columns, path);
        List<string[]> rows = [];
        int emptyLines = 0;
        while (reader.ReadLine() is { } line)
        {
            // Empty lines may end a file, but not interrupt it.
            if (line.Length == 0)
            {
                emptyLines++;
                continue;
            }

            int number = rows.Count + FirstRowLine;
            if (emptyLines > 0)
            {
                throw new DataFormatException(path, $"line {number}: is empty");
            }

            rows.Add(SplitRow(line, commas, columns, path, number));
        }

        return rows.Count == 0
            ? throw new DataFormatException(path, "has no rows below its column names")
            : new(path, columns, rows);
    }

    /// <summary>The cells of a column as they stand.</summary>
    /// <exception cref="DataFormatException">There is no such column; the message lists those there are.</exception>
    public IReadOnlyList<string> Text(string column) => Find(column).Cells;

    /// <summary>The cells of a column of categories.</summary>
    /// <exception cref="DataFormatException">
    /// There is no such column, or a cell is empty or n/a; the message says which.
    /// </exception>
    public IReadOnlyList<string> Labels(string column)
    {
        string[] cells = Find(column).Cells;
        int missing = Array.FindIndex(cells, cell => cell.Length == 0 || cell == Missing);
        return missing < 0 ? cells : throw Problem(missing, column, $"{Describe(cells[missing])} is not a category");
    }

    /// <summary>The numbers of a column, NaN for n/a.</summary>
    /// <exception cref="DataFormatException">
    /// There is no such column, or a cell is not a number; the message says which.
    /// </exception>
    public double[] Numbers(string column)
    {
        Column found = Find(column);
        return found.Slip < 0
            ? [.. found.Numbers]
            : throw Problem(
                found.Slip, column, $"{Describe(found.Cells[found.Slip])} is not a number"
                    + (found.IsNumeric ? ", as most cells of the column are" : ""));
    }

    /// <summary>Requires a number in every cell of some columns.</summary>
    /// <exception cref="DataFormatException">
    /// There is no such column, or a cell is not a number, n/a or infinite; the message says which.
    /// </exception>
    public void RequireFinite(params IReadOnlyList<string> columns)
    {
        foreach (string column in columns)
        {
            int missing = Array.FindIndex(Numbers(column), number => !double.IsFinite(number));
            if (missing >= 0)
            {
                throw Problem(missing, column, $"{Describe(Find(column).Cells[missing])} is not a finite number");
            }
        }
    }

    /// <summary>
    /// Whether a column is one of numbers: more of its cells are numbers than text (which n/a and empty cells are not).
    /// Text in such a column is a slip, for <see cref="Numbers"/> to find.
    /// </summary>
    /// <exception cref="DataFormatException">There is no such column.</exception>
    public bool IsNumeric(string column) => Find(column).IsNumeric;

    /// <summary>Columns of numbers as a matrix, rows x columns.</summary>
    /// <param name="columns">Their names; none for all numeric columns.</param>
    /// <exception cref="DataFormatException">
    /// A column is missing or not numeric, or there is no numeric column.
    /// </exception>
    public Matrix<T> ToMatrix<T>(params IReadOnlyList<string> columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IReadOnlyList<string> chosen = columns.Count == 0 ? NumericColumns : columns;
        if (chosen.Count == 0)
        {
            throw new DataFormatException(_path, $"no column holds numbers; it has {string.Join(", ", Columns)}");
        }

        double[][] numbers = [.. chosen.Select(Numbers)];
        Matrix<T> matrix = Matrix<T>.Uninitialized(Rows, chosen.Count);
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < chosen.Count; column++)
            {
                matrix[row, column] = T.CreateTruncating(numbers[column][row]);
            }
        }

        return matrix;
    }

    private static void RequireNames(string[] columns, string path)
    {
        if (Array.TrueForAll(columns, column => TryParse(column, out _)))
        {
            throw new DataFormatException(
                path, "the first line is taken as column names, and all of them are numbers; add a header line");
        }

        HashSet<string> seen = [];
        foreach (string column in columns)
        {
            if (column.Length == 0)
            {
                throw new DataFormatException(path, "line 1: a column has no name");
            }

            if (!seen.Add(column))
            {
                throw new DataFormatException(path, $"line 1: two columns are named '{column}'");
            }
        }
    }

    private static string[] SplitRow(string line, bool commas, string[] columns, string path, int number)
    {
        string[] cells = [.. line.Split(commas ? ',' : '\t').Select(cell => cell.Trim())];
        if (commas && Array.FindIndex(cells, cell => cell.StartsWith('"')) is >= 0 and int quoted)
        {
            throw new DataFormatException(
                path, $"line {number}, cell {quoted + 1}: quoted cells are not supported; save the table as .tsv");
        }

        if (cells.Length != columns.Length)
        {
            string last = cells.Length < columns.Length ? $", column '{columns[cells.Length]}' is missing" : "";
            throw new DataFormatException(
                path, $"line {number}: {cells.Length} cells, the first line names {columns.Length}{last}");
        }

        return cells;
    }

    private static bool TryParse(string cell, out double number) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    private static string Describe(string cell) => cell.Length == 0 ? "an empty cell" : $"'{cell}'";

    private DataFormatException Problem(int row, string column, string problem) =>
        new(_path, $"line {row + FirstRowLine}, column '{column}': {problem}");

    private Column Find(string column) => _columns.TryGetValue(column, out Column? found)
        ? found
        : throw new DataFormatException(_path, $"no column '{column}'; it has {string.Join(", ", Columns)}");

    /// <summary>The cells of a column, parsed once.</summary>
    private sealed class Column
    {
        public Column(string[] cells)
        {
            Cells = cells;
            Numbers = new double[cells.Length];
            int numbers = 0, texts = 0;
            for (int row = 0; row < cells.Length; row++)
            {
                if (cells[row] == Missing)
                {
                    Numbers[row] = double.NaN;
                }
                else if (TryParse(cells[row], out Numbers[row]))
                {
                    numbers++;
                }
                else
                {
                    texts += cells[row].Length > 0 ? 1 : 0;
                    Slip = Slip < 0 ? row : Slip;
                }
            }

            IsNumeric = numbers > texts;
        }

        public string[] Cells { get; }

        public double[] Numbers { get; }

        /// <summary>The first row that is neither a number nor n/a; -1 for none.</summary>
        public int Slip { get; } = -1;

        public bool IsNumeric { get; }
    }
}
