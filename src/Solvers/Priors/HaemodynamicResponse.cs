namespace VemKernels.Solvers;

/// <summary>
/// The canonical haemodynamic response as SPM has it: a gamma density that peaks at 5 s less a sixth of one that peaks
/// at 15 s, and how it changes with onset and with width.
/// </summary>
/// <remarks>
/// h(t; s) = g(t; 6 / s, s) - g(t; 16, 1) / 6, g(t; k, s) the gamma density of shape k and scale s seconds. Source:
/// Friston et al., "Event-related fMRI: characterizing differential responses", NeuroImage 7 (1998), and spm_hrf.m.
/// </remarks>
public static class HaemodynamicResponse
{
    private const double ResponseShape = 6;
    private const double UndershootShape = 16;
    private const double UndershootRatio = 6;

    /// <summary>Seconds between the two responses whose difference is the derivative by time.</summary>
    private const double OnsetStep = 1;

    /// <summary>Relative step of the scale in the derivative by width.</summary>
    private const double WidthStep = 0.01;

    /// <summary>The response at a time after the event.</summary>
    /// <param name="seconds">Seconds since the event; before it the response is 0.</param>
    /// <returns>The response per second; its integral over time is 5/6.</returns>
    public static double At(double seconds) => At(seconds, 1);

    /// <summary>The response and its derivatives by time and by width, at each delay.</summary>
    internal static double[][] Basis(ReadOnlySpan<int> delays, double repetitionTime)
    {
        double[][] basis = [new double[delays.Length], new double[delays.Length], new double[delays.Length]];
        for (int i = 0; i < delays.Length; i++)
        {
            double time = delays[i] * repetitionTime;
            basis[0][i] = At(time);
            basis[1][i] = (At(time) - At(time - OnsetStep)) / OnsetStep;
            basis[2][i] = (At(time) - At(time, 1 + WidthStep)) / WidthStep;
        }

        return basis;
    }

    private static double At(double seconds, double width) =>
        Gamma(seconds, ResponseShape / width, width) - (Gamma(seconds, UndershootShape, 1) / UndershootRatio);

    /// <summary>The gamma density; the shapes that come up here are over 1, so it is 0 at 0.</summary>
    private static double Gamma(double x, double shape, double scale) => x <= 0 ? 0
        : Math.Exp(((shape - 1) * Math.Log(x / scale)) - (x / scale) - LogGamma(shape)) / scale;

    /// <summary>
    /// Stirling's series after shifting the argument up by recurrence (Abramowitz and Stegun 6.1.41); to 1e-12 here.
    /// </summary>
    private static double LogGamma(double x)
    {
        const double SeriesFrom = 12;
        double shift = 0;
        for (; x < SeriesFrom; x++)
        {
            shift += Math.Log(x);
        }

        double inverse = 1 / x;
        double square = inverse * inverse;
        double series = inverse * ((1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square / 1680))))));
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + series - shift;
    }
}
