namespace VemKernels.Solvers.Lasso;

/// <summary>
/// The order in which features are worked with, so that a group is a run of rows: groups by ascending label, a group's
/// features in their own order; then those of no group; those that are ignored are left out.
/// </summary>
internal sealed class FeatureGroups
{
    private FeatureGroups(int[] order, int[] ends)
    {
        Order = order;
        Ends = ends;
        IsIdentity = order.Select((feature, position) => feature == position).All(same => same);
    }

    /// <summary>The feature at each position.</summary>
    public int[] Order { get; }

    /// <summary>One past the last position of each group.</summary>
    public int[] Ends { get; }

    /// <summary>Whether all features are worked with in the order in which they came.</summary>
    public bool IsIdentity { get; }

    /// <exception cref="ArgumentException">Labels for another number of features, or all of them ignored.</exception>
    public static FeatureGroups From(ProximalGradientOptions options, int features)
    {
        if (options.Groups is not { } labels)
        {
            return new FeatureGroups([.. Enumerable.Range(0, features)], [features]);
        }

        if (labels.Count != features)
        {
            throw new ArgumentException(
                $"Groups labels {labels.Count} features; there are {features}.", nameof(options));
        }

        int[] grouped = [.. Enumerable.Range(0, features).Where(j => labels[j] >= 0).OrderBy(j => labels[j])];
        int[] ungrouped = options.NegativeGroups == NegativeGroups.Ignore
            ? []
            : [.. Enumerable.Range(0, features).Where(j => labels[j] < 0)];
        if (grouped.Length + ungrouped.Length == 0)
        {
            throw new ArgumentException("Groups are all negative: every feature is ignored.", nameof(options));
        }

        int[] ends =
        [
            .. Enumerable.Range(1, grouped.Length)
                .Where(k => k == grouped.Length || labels[grouped[k]] != labels[grouped[k - 1]]),
        ];
        return new FeatureGroups([.. grouped, .. ungrouped], ends);
    }
}
