using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// The eigenvalues of diag(d) + rho z z', or the singular values of diag(d) with z in its first row, d strictly
/// ascending, rho > 0: with x_j = d_j or d_j^2 (<see cref="ISecularVariable"/>) the roots of
/// <code>
///   f(x) = 1/rho + psi(x) + phi(x) = 0,   psi = sum over j up to the pole below x of z_j^2 / (x_j - x)
///                                         phi = the others
/// </code>
/// one in each gap, the last one above d(k-1). A root is kept as its distance tau from the nearer pole, so that all x_j
/// - x come out to full relative accuracy. Each step replaces psi and phi by one pole each (Li, "Solving secular
/// equations stably and efficiently", LAPACK working note 89, 1993: "fixed weight" and, where that is slow, "the middle
/// way"), inside a shrinking bracket. Always in double: the vectors are built from these numbers.
/// </summary>
/// <typeparam name="X">The variable.</typeparam>
internal static unsafe class SecularEquation<X>
    where X : struct, ISecularVariable
{
    /// <summary>Half the distance from 1 to the next larger double.</summary>
    private const double UnitRoundoff = 1.1102230246251565e-16;

    /// <summary>f is zero when it is below this many rounding errors of its terms.</summary>
    private const double RoundingsOfSum = 8;

    /// <summary>Steps after which every third one halves the bracket; five are the rule.</summary>
    private const int PatientSteps = 12;

    /// <summary>Steps after which something is wrong: halving alone would have ended long before.</summary>
    private const int MostSteps = 1000;

    /// <summary>A step that leaves more than this part of f is slow.</summary>
    private const double SlowReduction = 0.1;

    /// <summary>Root i: origin is the index of the nearer pole, the root is d[origin] + tau.</summary>
    /// <param name="k">Number of poles.</param>
    /// <param name="i">Which root, ascending from 0.</param>
    /// <param name="d">The k poles, strictly ascending.</param>
    /// <param name="z">The k components; none is zero.</param>
    /// <param name="rho">The factor of z z', positive.</param>
    /// <param name="origin">Index of the pole that tau is measured from.</param>
    /// <returns>tau.</returns>
    /// <exception cref="ArithmeticException">The iteration did not converge.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Root(int k, int i, double* d, double* z, double rho, out int origin)
    {
        if (k == 1)
        {
            origin = 0;
            return X.Move(d[0], 0, rho * z[0] * z[0]);
        }

        bool last = i == k - 1;
        int low = last ? k - 2 : i;
        int high = low + 1;
        double inverseRho = 1 / rho;
        double gap = X.Difference(d[high], d[low], 0);
        double squareLow = z[low] * z[low];
        double squareHigh = z[high] * z[high];

        // The sign of f in the middle says which pole is nearer.
        double left, right, tau;
        double span = last ? X.Move(d[high], 0, rho * SumOfSquares(k, z)) : d[high] - d[low];
        origin = last ? high : low;
        double middle = span / 2;
        Sums atMiddle = Evaluate(k, low, d, z, d[origin], middle);
        double f = inverseRho + atMiddle.Psi + atMiddle.Phi;
        double deltaLow = X.Difference(d[low], d[origin], middle);
        double deltaHigh = X.Difference(d[high], d[origin], middle);
        double rest = f - (squareLow / deltaLow) - (squareHigh / deltaHigh);
        if (f <= 0)
        {
            (left, right) = (middle, span);
            if (!last)
            {
                origin = high;
                (left, right) = (middle - span, 0);
            }
        }
        else
        {
            (left, right) = (0, middle);
        }

        tau = X.Move(d[origin], 0, Guess(last, origin == low, rest, gap, squareLow, squareHigh));
        if (!(tau > left && tau < right))
        {
            tau = (left + right) / 2;
        }

        return Iterate(k, low, d, z, inverseRho, last, origin, left, right, tau);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Iterate(
        int k, int low, double* d, double* z, double inverseRho, bool last, int origin, double left, double right,
        double tau)
    {
        int high = low + 1;
        double gap = X.Difference(d[high], d[low], 0);
        bool middleWay = last;
        double previous = double.PositiveInfinity;
        for (int step = 0; step < MostSteps; step++)
        {
            Sums sums = Evaluate(k, low, d, z, d[origin], tau);
            double f = inverseRho + sums.Psi + sums.Phi;
            double slope = sums.PsiSlope + sums.PhiSlope;
            double terms = inverseRho + Math.Abs(sums.Psi) + Math.Abs(sums.Phi);
            double roundings = (RoundingsOfSum * terms) + (Math.Abs(X.Difference(d[origin], d[origin], tau)) * slope);
            if (Math.Abs(f) <= UnitRoundoff * roundings)
            {
                return tau;
            }

            if (f <= 0)
            {
                left = tau;
            }
            else
            {
                right = tau;
            }

            bool slow = Math.Abs(f) > SlowReduction * previous;
            previous = Math.Abs(f);
            middleWay = last || (slow ? !middleWay : middleWay);
            double deltaLow = X.Difference(d[low], d[origin], tau);
            double deltaHigh = X.Difference(d[high], d[origin], tau);
            double c = middleWay
                ? f - (deltaLow * sums.PsiSlope) - (deltaHigh * sums.PhiSlope)
                : origin == low
                    ? f - (deltaHigh * slope) + (gap * (z[low] / deltaLow) * (z[low] / deltaLow))
                    : f - (deltaLow * slope) - (gap * (z[high] / deltaHigh) * (z[high] / deltaHigh));
            double a = ((deltaLow + deltaHigh) * f) - (deltaLow * deltaHigh * slope);
            double b = deltaLow * deltaHigh * f;
            double change = last ? OuterChange(a, b, Math.Abs(c)) : InnerChange(a, b, c);
            if (!(f * change < 0))
            {
                change = -f / slope;
            }

            double next = X.Move(d[origin], tau, change);
            bool impatient = step >= PatientSteps && step % 3 == 0;
            if (!(next > left && next < right) || impatient)
            {
                next = Between(left, right);
            }

            if (next == tau || next <= left || next >= right)
            {
                return tau;
            }

            tau = next;
        }

        throw new ArithmeticException($"The secular equation of order {k} did not converge at root {low}.");
    }

    /// <summary>The step x of c x^2 - a x + b = 0 to the root between the two poles.</summary>
    private static double InnerChange(double a, double b, double c)
    {
        double root = Math.Sqrt(Math.Abs((a * a) - (4 * b * c)));
        return c == 0 ? b / a : a <= 0 ? (a - root) / (2 * c) : 2 * b / (a + root);
    }

    /// <summary>The step to the root above both poles.</summary>
    private static double OuterChange(double a, double b, double c)
    {
        double root = Math.Sqrt(Math.Abs((a * a) - (4 * b * c)));
        return a >= 0 ? (a + root) / (2 * c) : 2 * b / (a - root);
    }

    /// <summary>
    /// The root of rest + squareLow / (xLow - x) + squareHigh / (xHigh - x), from its origin; may be useless.
    /// </summary>
    private static double Guess(bool last, bool fromLow, double rest, double gap, double squareLow, double squareHigh)
    {
        if (fromLow)
        {
            return InnerRoot((rest * gap) + squareLow + squareHigh, squareLow * gap, rest);
        }

        double a = squareLow + squareHigh - (rest * gap);
        double b = -squareHigh * gap;
        double root = Math.Sqrt(Math.Abs((a * a) - (4 * b * rest)));
        return last
            ? a >= 0 ? (a + root) / (2 * rest) : 2 * b / (a - root)
            : a > 0 ? 2 * b / (a + root) : (a - root) / (2 * rest);
    }

    private static double InnerRoot(double a, double b, double c)
    {
        double root = Math.Sqrt(Math.Abs((a * a) - (4 * b * c)));
        return a > 0 ? 2 * b / (a + root) : (a - root) / (2 * c);
    }

    /// <summary>
    /// The middle of a bracket, geometric where both ends are on one side of the pole: roots may be tiny.
    /// </summary>
    private static double Between(double left, double right) =>
        left > 0 ? Math.Sqrt(left) * Math.Sqrt(right)
        : right < 0 ? -(Math.Sqrt(-left) * Math.Sqrt(-right))
        : (left + right) / 2;

    private static double SumOfSquares(int k, double* z)
    {
        double sum = 0;
        for (int j = 0; j < k; j++)
        {
            sum += z[j] * z[j];
        }

        return sum;
    }

    /// <summary>psi (poles 0 ... low), phi (the others) and their slopes at d = shift + tau.</summary>
    private static Sums Evaluate(int k, int low, double* d, double* z, double shift, double tau)
    {
        AddTerms(d, z, 0, low + 1, shift, tau, out double psi, out double psiSlope);
        AddTerms(d, z, low + 1, k, shift, tau, out double phi, out double phiSlope);
        return new Sums(psi, psiSlope, phi, phiSlope);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTerms(
        double* d, double* z, int first, int end, double shift, double tau, out double sum, out double slope)
    {
        Vector<double> sums = Vector<double>.Zero, slopes = Vector<double>.Zero;
        Vector<double> shifts = new(shift), taus = new(tau);
        int j = first;
        for (; j + Vector<double>.Count <= end; j += Vector<double>.Count)
        {
            Vector<double> zj = Vector.Load(z + j);
            Vector<double> quotient = zj / X.Difference(Vector.Load(d + j), shifts, taus);
            sums += zj * quotient;
            slopes += quotient * quotient;
        }

        sum = Vector.Sum(sums);
        slope = Vector.Sum(slopes);
        for (; j < end; j++)
        {
            double quotient = z[j] / X.Difference(d[j], shift, tau);
            sum += z[j] * quotient;
            slope += quotient * quotient;
        }
    }

    private readonly record struct Sums(double Psi, double PsiSlope, double Phi, double PhiSlope);
}
