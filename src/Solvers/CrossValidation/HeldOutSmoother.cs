namespace VemKernels.Solvers.CrossValidation;

/// <summary>
/// For one alpha, what the Woodbury identity needs of the smoother S = K (K + alpha I)^-1 and of C = I - S, in double:
/// a matrix from which both follow without cancellation, and M_D = (C_DD)^-1 for held-out sets D.
/// </summary>
/// <remarks>
/// The matrix kept is C over its largest filter value c_max where alpha is under lambda_max and C can be had whole
/// (form C): entries of I - S would cancel there. Otherwise it is S (form S): entries of I - C would cancel there. M_D
/// is then times c_max in form C, and 1 in form S. docs/algorithms.md, "Precision".
/// </remarks>
internal abstract class HeldOutSmoother(IBackend backend) : IDisposable
{
    /// <summary>Whether the form is C / c_max rather than S.</summary>
    public bool IsResidualForm { get; protected init; }

    /// <summary>c_max in form C, 1 in form S.</summary>
    public double Scale { get; protected init; } = 1;

    /// <summary>Where to compute.</summary>
    protected IBackend Backend { get; } = backend;

    /// <summary>Writes the whole n x n matrix in its form.</summary>
    public abstract void WriteMatrix(DeviceView<double> matrix);

    /// <summary>The rows x rows block in its form.</summary>
    public abstract DeviceMatrix<double> Block(ReadOnlySpan<int> rows);

    /// <summary>
    /// M_D from the block that it overwrites, and kappa = |M_D|_F / sqrt(|D|): by how much rounding in T grows on its
    /// way through it.
    /// </summary>
    /// <exception cref="NotPositiveDefiniteException">The block has no digits left.</exception>
    public double Invert(DeviceView<double> block, CancellationToken cancellation)
    {
        if (!IsResidualForm)
        {
            using DeviceMatrix<double> ones = Backend.Allocate<double>(block.Rows, 1);
            Backend.Fill(ones.View, -1);
            Backend.Scale(block, ones.View, null, block);
            Backend.AddDiagonal(block, 1);
        }

        Backend.Cholesky(block, 1, cancellation);
        Backend.CholeskyInverse(block, 1, cancellation);
        return Backend.FrobeniusNorm(block) / Math.Sqrt(block.Rows);
    }

    /// <inheritdoc/>
    public abstract void Dispose();
}
