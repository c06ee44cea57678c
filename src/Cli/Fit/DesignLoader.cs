using System.Numerics;
using VemKernels.Cli.Fit.Models;
using VemKernels.Cli.Inputs;
using VemKernels.Cli.Options;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit;

/// <summary>
/// Reads feature spaces and prepares them: coding, delays, z-scores inside runs, centring by the training mean.
/// </summary>
/// <param name="options">What was asked for.</param>
/// <param name="runs">The runs; null for one run.</param>
/// <param name="split">Which samples train and test.</param>
/// <param name="progress">Told what is left out.</param>
internal sealed class DesignLoader(
    FitOptions options, RunLabels? runs, SampleSplit split, ProgressReporter progress)
{
    /// <summary>Loads all spaces.</summary>
    /// <param name="samples">How many samples there must be.</param>
    /// <param name="samplesOf">Which file has so many, for messages.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="OptionException">
    /// Spaces or delays of one name, delays of an unknown space or as long as a run, a baseline that is no category.
    /// </exception>
    /// <exception cref="IOException">
    /// A file is missing, damaged, empty, has NaN or another number of samples.
    /// </exception>
    public Design<T> Load<T>(int samples, string samplesOf, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireUniqueNames("--features", options.Features.Select(space => space.Name));
        RequireUniqueNames("--delays", options.Delays.Select(delays => delays.Name));
        RequireUniqueNames("--delay-prior", options.DelayPriors.Select(prior => prior.Name));
        GroupLabels? groups = options.Groups is { } file && options.Model != ModelKind.Lasso
            ? GroupLabels.Read(file, options.Features[0].Name) : null;
        IReadOnlyList<string> names = groups?.Names ?? [.. options.Features.Select(space => space.Name)];
        RequireKnownDelays([.. options.Features.Select(space => space.Name).Union(names)]);
        RequireDelaysOfPriors(groups);
        RequireDelaysInsideRuns(samples);
        List<(SpaceDescription Space, Matrix<T> Features)> coded = [];
        try
        {
            foreach (FeatureArgument argument in options.Features)
            {
                cancellation.ThrowIfCancellationRequested();
                coded.Add(FeatureCoding.Learn<T>(
                    argument, options.Baseline, DelaysOf(argument.Name, null), progress.Note));
                MatrixView<T> features = coded[^1].Features.View;
                RequireSamples(features.Rows, argument.Source.Path, samples, samplesOf);
                FeatureCoding.RequireFinite(features, argument.Source.Path, cancellation);
            }

            RequireBaseline(coded.Select(space => space.Space));
            if (groups is not null)
            {
                return Prepare(coded[0].Space, coded[0].Features.View, groups, cancellation);
            }

            return Prepare(
                [
                    .. coded.Select(space => (
                        space.Space with { DelayPrior = PriorOf(space.Space.Name, null) }, space.Features.View)),
                ],
                source: null, cancellation);
        }
        finally
        {
            coded.ForEach(space => space.Features.Dispose());
        }
    }

    /// <summary>Requires a file to have as many samples as another.</summary>
    /// <exception cref="DataFormatException">It has not; the message names both.</exception>
    public static void RequireSamples(nint found, string path, int samples, string samplesOf)
    {
        if (found != samples)
        {
            throw new DataFormatException(path, $"{found} samples; {samplesOf} has {samples}");
        }
    }

    /// <summary>Makes the spaces from columns of one matrix; delays and prior are their own, or the matrix's.</summary>
    private Design<T> Prepare<T>(
        SpaceDescription source, MatrixView<T> features, GroupLabels groups, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        groups.RequireCount(source.CodedFeatures, options.Features[0].Source.Path);
        using GroupedFeatures<T> grouped = new(features, groups.OfColumns);
        IReadOnlyList<MatrixView<T>> spaces = grouped.Spaces;
        return Prepare(
            [
                .. groups.Names.Select((name, i) => (
                    new SpaceDescription(
                        name, null, (int)spaces[i].Columns, DelaysOf(name, groups), PriorOf(name, groups),
                        groups.Columns(i)), spaces[i])),
            ],
            source with { Delays = null }, cancellation);
    }

    private Design<T> Prepare<T>(
        IReadOnlyList<(SpaceDescription Space, MatrixView<T> Features)> coded, SpaceDescription? source,
        CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Design<T> design = new(
            [.. coded.Select(space => space.Space)], FitModels.Of(options).IsJoint, split.Train.Length,
            split.Test?.Length ?? 0)
        {
            Source = source,
        };
        try
        {
            ConstantColumns constant = new(split.Train, options.ZScoreRuns ? runs : null);
            for (int i = 0; i < coded.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                design.Constant[i] = constant.Find(coded[i].Features, cancellation);
                Prepare(coded[i].Space, coded[i].Features, design, i);
            }

            return design;
        }
        catch
        {
            design.Dispose();
            throw;
        }
    }

    private void Prepare<T>(SpaceDescription space, MatrixView<T> features, Design<T> design, int index)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Matrix<T>? delayed = space.Delays is null ? null : Delays.Apply(features, [.. space.Delays], runs);
        MatrixTargetSource<T> source = new(delayed?.View ?? features);
        RunLabels? zscoreRuns = options.ZScoreRuns ? runs : null;
        PreparedTargets<T> train = new(source, zscoreRuns, split.Train, split.Train);
        train.Read(0, design.SpaceBlock(design.Train.View, index));
        train.ReadMeans(0, design.SpaceMeans(index));
        if (split.Test is not null)
        {
            PreparedTargets<T> test = new(source, zscoreRuns, split.Test, split.Train);
            test.Read(0, design.SpaceBlock(design.Test.View, index));
        }
    }

    /// <summary>A space's delays, or those of the matrix that it is made of.</summary>
    private IReadOnlyList<int>? DelaysOf(string space, GroupLabels? groups) =>
        options.Delays.FirstOrDefault(delays => delays.Name == space)?.Delays
            ?? (MatrixOf(space, groups) is { } matrix ? DelaysOf(matrix, null) : null);

    /// <summary>A space's prior, or that of the matrix that it is made of.</summary>
    private DelayPrior? PriorOf(string space, GroupLabels? groups) =>
        options.DelayPriors.FirstOrDefault(prior => prior.Name == space)?.Prior
            ?? (MatrixOf(space, groups) is { } matrix ? PriorOf(matrix, null) : null);

    private string? MatrixOf(string space, GroupLabels? groups) =>
        groups?.Names.Contains(space) ?? false ? options.Features[0].Name : null;

    private void RequireDelaysOfPriors(GroupLabels? groups)
    {
        foreach (DelayPriorArgument prior in options.DelayPriors)
        {
            IReadOnlyList<string> spaces = groups is not null && prior.Name == options.Features[0].Name
                ? groups.Names : [prior.Name];
            if (spaces.Any(space => DelaysOf(space, groups) is null))
            {
                throw new OptionException($"--delay-prior {prior}", $"the space '{prior.Name}' has no --delays");
            }
        }
    }

    private void RequireKnownDelays(IReadOnlyList<string> known)
    {
        foreach (DelayArgument delays in options.Delays)
        {
            if (!known.Contains(delays.Name))
            {
                throw new OptionException(
                    $"--delays {delays}",
                    $"there is no space '{delays.Name}'; there are {string.Join(", ", known)}");
            }
        }
    }

    private void RequireDelaysInsideRuns(int samples)
    {
        int longest = runs?.Segments.ToArray().Max(run => run.Count) ?? samples;
        foreach (DelayArgument delays in options.Delays)
        {
            if (delays.Delays.Any(delay => Math.Abs((long)delay) >= longest))
            {
                throw new OptionException(
                    $"--delays {delays}",
                    $"the longest run has {Counted.Text(longest, "sample")}; a delay must be less");
            }
        }
    }

    private void RequireBaseline(IEnumerable<SpaceDescription> spaces)
    {
        ColumnDescription[] categorical =
            [.. spaces.SelectMany(space => space.Columns ?? []).Where(column => column.Categories is not null)];
        if (options.Baseline is not null && !categorical.Any(column => column.Baseline is not null))
        {
            throw new OptionException(
                $"--baseline {options.Baseline}", categorical.Length == 0
                    ? "the features have no column of categories"
                    : "no column of the features has such a category; there are "
                        + string.Join(", ", categorical.SelectMany(column => column.Categories!).Distinct()));
        }
    }

    private static void RequireUniqueNames(string option, IEnumerable<string> names)
    {
        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new OptionException(option, $"the space '{twice.Key}' is named twice");
        }
    }
}
