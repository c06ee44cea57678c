namespace VemKernels;

/// <summary>A Cholesky factorisation met a pivot that is not positive.</summary>
public sealed class NotPositiveDefiniteException : ArithmeticException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="pivot">
    /// Index of the failing pivot, from 0: the leading minor of order pivot + 1 is not positive.
    /// </param>
    /// <param name="matrix">Which matrix of a batch, from 0.</param>
    /// <param name="value">The pivot's value.</param>
    public NotPositiveDefiniteException(nint pivot, int matrix, double value)
        : base($"Cholesky: pivot {pivot} of matrix {matrix} is {value:G6}; the matrix is not positive definite.")
    {
        Pivot = pivot;
        Matrix = matrix;
        Value = value;
    }

    /// <summary>Index of the failing pivot, from 0.</summary>
    public nint Pivot { get; }

    /// <summary>Which matrix of a batch, from 0.</summary>
    public int Matrix { get; }

    /// <summary>The pivot's value.</summary>
    public double Value { get; }
}
