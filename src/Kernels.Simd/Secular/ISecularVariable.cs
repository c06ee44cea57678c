using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// The variable x in which a secular equation 1/rho + sum of z_j^2 / (x_j - x) = 0 has its poles x_j, of which the
/// square roots or the numbers themselves, d_j, are at hand. Places are kept as a pole and a distance tau from it, in
/// units of d: the distances of x from all poles then come out to full relative accuracy.
/// </summary>
internal interface ISecularVariable
{
    /// <summary>x(d) - x(origin + tau).</summary>
    static abstract double Difference(double d, double origin, double tau);

    /// <summary>The same for several.</summary>
    static abstract Vector<double> Difference(Vector<double> d, Vector<double> origin, Vector<double> tau);

    /// <summary>The tau at which x is larger by the change; not a number where there is none.</summary>
    static abstract double Move(double origin, double tau, double change);
}

/// <summary>x = d: eigenvalues of diag(d) + rho z z'.</summary>
internal readonly struct EigenvalueVariable : ISecularVariable
{
    /// <inheritdoc/>
    public static double Difference(double d, double origin, double tau) => d - origin - tau;

    /// <inheritdoc/>
    public static Vector<double> Difference(Vector<double> d, Vector<double> origin, Vector<double> tau) =>
        d - origin - tau;

    /// <inheritdoc/>
    public static double Move(double origin, double tau, double change) => tau + change;
}

/// <summary>
/// x = d^2: singular values of the matrix with z in its first row and d, its first element zero, on its diagonal. No
/// square is ever subtracted from another.
/// </summary>
internal readonly struct SingularValueVariable : ISecularVariable
{
    /// <inheritdoc/>
    public static double Difference(double d, double origin, double tau) => (d - origin - tau) * (d + origin + tau);

    /// <inheritdoc/>
    public static Vector<double> Difference(Vector<double> d, Vector<double> origin, Vector<double> tau) =>
        (d - origin - tau) * (d + origin + tau);

    /// <inheritdoc/>
    public static double Move(double origin, double tau, double change)
    {
        double value = origin + tau;
        return tau + (change / (value + Math.Sqrt((value * value) + change)));
    }
}
