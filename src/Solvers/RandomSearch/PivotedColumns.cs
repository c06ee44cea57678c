using System.Runtime.CompilerServices;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>
/// Pivoted QR of weighted columns by Gram-Schmidt, a column at a time, and the least-squares coefficients that give
/// all columns from those
/// chosen: an interpolative decomposition (Cheng, Gimbutas, Martinsson and Rokhlin, SIAM J. Sci. Comput. 26(4), 2005).
/// </summary>
internal sealed class PivotedColumns
{
    /// <summary>A column of which less than this is left, over what it was, is rounding.</summary>
    private const double Rounding = 1e-14;

    private readonly double[][] _left;
    private readonly double[] _weights;
    private readonly double[] _norms;
    private readonly double[,] _r;
    private readonly List<int> _chosen = [];
    private readonly int _first;
    private readonly bool[]? _eligible;
    private int _next;

    /// <param name="columns">Rows x columns.</param>
    /// <param name="rows">How many of its first rows count.</param>
    /// <param name="weights">What each column is multiplied by.</param>
    /// <param name="first">The column to begin with; -1 for the largest.</param>
    /// <param name="eligible">The columns that may be chosen, beside the first; null for all.</param>
    public PivotedColumns(double[,] columns, int rows, double[] weights, int first, bool[]? eligible = null)
    {
        int count = columns.GetLength(1);
        _weights = weights;
        _first = first;
        _eligible = eligible;
        _left = new double[count][];
        _norms = new double[count];
        _r = new double[count, count];
        for (int j = 0; j < count; j++)
        {
            _left[j] = new double[rows];
            for (int i = 0; i < rows; i++)
            {
                _left[j][i] = columns[i, j] * weights[j];
            }

            _norms[j] = Norm(_left[j]);
        }

        Find();
    }

    /// <summary>The chosen columns, in the order of choice.</summary>
    public int[] Chosen => [.. _chosen];

    /// <summary>What is left of the column that comes next.</summary>
    public double Largest { get; private set; }

    /// <summary>Weights that give every column the norm 1; a column of zeros keeps 0.</summary>
    public static double[] UnitNorms(double[,] columns)
    {
        double[] weights = new double[columns.GetLength(1)];
        for (int j = 0; j < weights.Length; j++)
        {
            double squares = 0;
            for (int i = 0; i < columns.GetLength(0); i++)
            {
                squares += columns[i, j] * columns[i, j];
            }

            weights[j] = squares > 0 ? 1 / Math.Sqrt(squares) : 0;
        }

        return weights;
    }

    /// <summary>Chooses one more column: the one of which most is left. False where nothing is left of any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Advance()
    {
        int pivot = _next;
        if (pivot < 0 || _chosen.Count == Math.Min(_left[0].Length, _left.Length))
        {
            return false;
        }

        int s = _chosen.Count;
        double[] q = _left[pivot];
        _r[s, pivot] = Largest;
        Scale(q, Largest > 0 ? 1 / Largest : 0);
        _chosen.Add(pivot);

        // Twice over: the columns left are orthogonal to those chosen to the last digit.
        for (int pass = 0; pass < 2; pass++)
        {
            for (int j = 0; j < _left.Length; j++)
            {
                if (_chosen.Contains(j))
                {
                    continue;
                }

                double product = Dot(q, _left[j]);
                _r[s, j] += product;
                for (int i = 0; i < q.Length; i++)
                {
                    _left[j][i] -= product * q[i];
                }
            }
        }

        Find();
        return true;
    }

    /// <summary>Chosen x columns: column(j) is about sum_s Coefficients(s, j) column(Chosen(s)). R11^-1 R12,
    /// unweighted.</summary>
    public double[,] Coefficients()
    {
        double[,] coefficients = new double[_chosen.Count, _left.Length];
        double[] x = new double[_chosen.Count];
        for (int j = 0; j < _left.Length; j++)
        {
            int position = _chosen.IndexOf(j);
            if (position >= 0)
            {
                coefficients[position, j] = 1;
                continue;
            }

            for (int s = _chosen.Count - 1; s >= 0; s--)
            {
                double sum = _r[s, j];
                for (int u = s + 1; u < _chosen.Count; u++)
                {
                    sum -= _r[s, _chosen[u]] * x[u];
                }

                double diagonal = _r[s, _chosen[s]];
                x[s] = diagonal > 0 ? sum / diagonal : 0;
                coefficients[s, j] = _weights[j] > 0 ? x[s] * _weights[_chosen[s]] / _weights[j] : 0;
            }
        }

        return coefficients;
    }

    private void Find()
    {
        _next = -1;
        Largest = 0;
        if (_chosen.Count == 0 && _first >= 0)
        {
            (_next, Largest) = (_first, _norms[_first]);
            return;
        }

        for (int j = 0; j < _left.Length; j++)
        {
            double left = _chosen.Contains(j) || _eligible is { } may && !may[j] ? 0 : Norm(_left[j]);
            if (left > Largest && left > Rounding * _norms[j])
            {
                (_next, Largest) = (j, left);
            }
        }
    }

    private static double Norm(double[] x) => Math.Sqrt(Dot(x, x));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Dot(double[] x, double[] y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    private static void Scale(double[] x, double factor)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] *= factor;
        }
    }
}
