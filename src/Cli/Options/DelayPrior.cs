using VemKernels.Solvers;

namespace VemKernels.Cli.Options;

/// <summary>
/// A prior on the weights of a feature's delays: smoothness:order=1, hrf:tr=2, spherical. Scaled to unit mean variance,
/// so that one grid of alphas suits all.
/// </summary>
/// <param name="Name">spherical, smoothness or hrf.</param>
/// <param name="Parameters">Those given, by name.</param>
internal sealed record DelayPrior(string Name, IReadOnlyDictionary<string, double> Parameters)
{
    private const string Spherical = "spherical";
    private const string Smoothness = "smoothness";
    private const string Haemodynamic = "hrf";
    private const string Order = "order";
    private const string Ridge = "ridge";
    private const string RepetitionTime = "tr";
    private const int DefaultOrder = 2;
    private const double DefaultHaemodynamicRidge = 0.1;

    /// <summary>Parses PRIOR[:PARAMETER=X,...].</summary>
    /// <exception cref="FormatException">Anything else; a parameter unknown, missing or out of range.</exception>
    public static DelayPrior Parse(string text)
    {
        string[] halves = text.Split(':', 2);
        string[] known = halves[0] switch
        {
            Spherical => [],
            Smoothness => [Order, Ridge],
            Haemodynamic => [RepetitionTime, Ridge],
            _ => throw new FormatException(
                $"there is no prior '{halves[0]}'; expected {Spherical}, {Smoothness} or {Haemodynamic}"),
        };
        Dictionary<string, double> parameters = [];
        foreach (string part in halves.Length == 1 ? [] : halves[1].Split(','))
        {
            string[] pair = part.Split('=', 2);
            if (pair.Length != 2 || !known.Contains(pair[0]) || !parameters.TryAdd(pair[0], NumberText.Finite(pair[1])))
            {
                throw new FormatException(
                    $"'{part}' is no parameter of {halves[0]}"
                    + (known.Length == 0 ? "; it has none" : $"; expected {string.Join(", ", known)}, each once"));
            }
        }

        DelayPrior prior = new(halves[0], parameters);
        prior.RequireInRange();
        return prior;
    }

    /// <summary>The prior on the delays of a space. The caller disposes it.</summary>
    /// <exception cref="ArgumentException">The haemodynamic response is 0 at all delays.</exception>
    public Prior Of(IBackend backend, IReadOnlyList<int> delays)
    {
        using Prior prior = Name switch
        {
            Smoothness => Prior.Smoothness(
                backend, delays.Count, (int)Value(Order, DefaultOrder), Value(Ridge, 0)),
            Haemodynamic => Prior.Haemodynamic(
                backend, [.. delays], Value(RepetitionTime, 0), Value(Ridge, DefaultHaemodynamicRidge)),
            _ => Prior.Spherical(delays.Count),
        };
        return prior.WithUnitMeanVariance();
    }

    /// <summary>As it is written.</summary>
    public override string ToString() => Parameters.Count == 0 ? Name
        : $"{Name}:{string.Join(',', Parameters.Select(pair => $"{pair.Key}={NumberText.Of(pair.Value)}"))}";

    private double Value(string parameter, double byDefault) => Parameters.GetValueOrDefault(parameter, byDefault);

    private void RequireInRange()
    {
        if (Value(Order, DefaultOrder) is not (1 or 2))
        {
            throw new FormatException("order is 1 (slope) or 2 (curvature)");
        }

        if (Name == Haemodynamic && !(Value(RepetitionTime, 0) > 0))
        {
            throw new FormatException("needs the seconds of a sample, over 0, as in hrf:tr=2");
        }

        if (Value(Ridge, DefaultHaemodynamicRidge) < 0 || (Name == Haemodynamic && Value(Ridge, 1) == 0))
        {
            throw new FormatException("ridge is over 0, or 0 for smoothness");
        }
    }
}

/// <summary>The prior on the delays of a space: NAME=PRIOR[:PARAMETER=X,...].</summary>
/// <param name="Name">The name of the space.</param>
/// <param name="Prior">Its prior.</param>
internal sealed record DelayPriorArgument(string Name, DelayPrior Prior)
{
    /// <summary>Parses NAME=PRIOR[:PARAMETER=X,...].</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static DelayPriorArgument Parse(string text)
    {
        (string name, string prior) = NamedText.Split(text, "NAME=smoothness|hrf:tr=SECONDS|spherical");
        return new(name, DelayPrior.Parse(prior));
    }

    /// <summary>As it was written.</summary>
    public override string ToString() => $"{Name}={Prior}";
}
