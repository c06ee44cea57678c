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
    private readonly Dictionary<string, string[]> _cells = [];

    private TsvTable(string path, string[] columns, List<string[]> rows)
    {
        _path = path;
        Columns = columns;
        Rows = rows.Count;
        for (int column = 0; column < columns.Length; column++)
        {
            _cells[columns[column]] = [.. rows.Select(row => row[column])];
        }

        NumericColumns = [.. columns.Where(IsNumeric)];
    }

    /// <summary>The names of the columns, in the order of the file.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The names of the columns in which every cell is a number or n/a, and some cell is a number.</summary>
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
    public IReadOnlyList<string> Text(string column) => Cells(column);

    /// <summary>The numbers of a column, NaN for n/a.</summary>
    /// <exception cref="DataFormatException">
    /// There is no such column, or a cell is not a number; the message says which.
    /// </exception>
    public double[] Numbers(string column)
    {
        string[] cells = Cells(column);
        double[] numbers = new double[cells.Length];
        for (int row = 0; row < cells.Length; row++)
        {
            if (!TryParse(cells[row], out numbers[row]))
            {
                throw new DataFormatException(
                    _path, $"line {row + FirstRowLine}, column '{column}': '{cells[row]}' is not a number");
            }
        }

        return numbers;
    }

    /// <summary>Whether every cell of a column is a number or n/a, and some cell is a number.</summary>
    /// <exception cref="DataFormatException">There is no such column.</exception>
    public bool IsNumeric(string column)
    {
        string[] cells = Cells(column);
        return Array.TrueForAll(cells, cell => TryParse(cell, out _)) && Array.Exists(cells, cell => cell != Missing);
    }

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

    private static bool TryParse(string cell, out double number)
    {
        if (cell == Missing)
        {
            number = double.NaN;
            return true;
        }

        return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    private string[] Cells(string column) => _cells.TryGetValue(column, out string[]? cells)
        ? cells
        : throw new DataFormatException(_path, $"no column '{column}'; it has {string.Join(", ", Columns)}");
}
