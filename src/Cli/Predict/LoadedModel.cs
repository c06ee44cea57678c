using System.Numerics;
using VemKernels.Cli.Fit;
using VemKernels.Cli.Inputs;
using VemKernels.Cli.Options;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Predict;

/// <summary>A model that <c>vem fit</c> wrote, ready to predict from new features.</summary>
/// <typeparam name="T">float or double, as the model's data.</typeparam>
internal sealed class LoadedModel<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<IDisposable> _owned = [];
    private readonly NewFeatures _input;
    private readonly CancellationToken _cancellation;

    /// <summary>Loads the model and prepares the features.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="model">The model's description; see <see cref="ModelFolder.ReadDescription"/>.</param>
    /// <param name="input">Its folder and the new features.</param>
    /// <param name="cancellation">Stops the work before the next space.</param>
    /// <exception cref="OptionException">
    /// A space is missing, unknown, or named twice, the runs that the model needs are missing, or it has no weights.
    /// </exception>
    /// <exception cref="IOException">
    /// A file cannot be read, or is not what the model was fitted to.
    /// </exception>
    public LoadedModel(
        IBackend backend, ModelDescription model, NewFeatures input, CancellationToken cancellation)
    {
        _input = input;
        _cancellation = cancellation;
        Description = model;
        try
        {
            IReadOnlyList<FeatureArgument> arguments = MatchSpaces();
            RequireRuns();
            Means = Own(ReadMeans());
            Intercept = model.FitIntercept ? Own(ReadIntercept()) : null;
            Predictor = Load(backend, arguments);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The model's description.</summary>
    public ModelDescription Description { get; }

    /// <summary>Predicts the new samples, less means and intercepts.</summary>
    public ModelPredictor<T> Predictor { get; }

    /// <summary>Mean of each target's training responses, 1 x targets.</summary>
    public Matrix<double> Means { get; }

    /// <summary>Intercept of each target, 1 x targets; null where none was fitted.</summary>
    public Matrix<T>? Intercept { get; }

    /// <summary>The runs of the new samples.</summary>
    public RunLabels Runs { get; private set; } = null!;

    /// <summary>Training mean and intercept of each target, 1 x targets; the caller disposes it.</summary>
    public Matrix<T> Offset()
    {
        Matrix<T> offset = Matrix<T>.Uninitialized(1, Means.Columns);
        for (nint target = 0; target < Means.Columns; target++)
        {
            double intercept = Intercept is null ? 0 : double.CreateTruncating(Intercept[0, target]);
            offset[0, target] = T.CreateTruncating(Means[0, target] + intercept);
        }

        return offset;
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(owned => owned.Dispose());

    private TOwned Own<TOwned>(TOwned owned)
        where TOwned : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    private ModelPredictor<T> Load(IBackend backend, IReadOnlyList<FeatureArgument> arguments)
    {
        nint targets = (nint)Description.Targets;
        int features = Description.Spaces.Sum(space => space.Features);
        if (Description.Weights == WeightKind.None)
        {
            throw new OptionException(
                $"--model {_input.Model}", "was fitted with --weights none, and predicts nothing");
        }

        MatrixView<T> weights = Own(new MappedNpy<T>(InModel(ModelFolder.WeightsFile(Description.Weights)))).View;
        if (Description.Weights == WeightKind.Primal)
        {
            RequireShape(ModelFolder.Primal, weights, features, targets);
            Design<T> ofPrimal = Own(Prepare(arguments));
            return new PrimalPredictor<T>(backend, ofPrimal.Test.View, ofPrimal.BlockSizes, weights);
        }

        MatrixView<T> train = Own(new MappedNpy<T>(InModel(ModelFolder.Features))).View;
        MatrixView<T> deltas = Own(NpyFile.Read<T>(InModel(ModelFolder.Deltas))).View;
        RequireShape(ModelFolder.Features, train, Description.TrainingSamples, features);
        RequireShape(ModelFolder.Dual, weights, Description.TrainingSamples, targets);
        RequireShape(ModelFolder.Deltas, deltas, Description.KernelCount(), targets);
        Design<T> design = Own(Prepare(arguments));
        DelayPriors.Transform(backend, design);
        KernelSet<T> kernels = Own(KernelSet<T>.Between(
            backend, Description.KernelsInOrder(), ModelFolder.ReadCenterers(_input.Model, Description),
            design.Blocks(design.Test.View), design.Blocks(train), _cancellation));
        return new DualPredictor<T>(backend, kernels.Views, weights, deltas);
    }

    private Matrix<double> ReadMeans() => ReadRow<double>(ModelFolder.ResponseMeans);

    private Matrix<T> ReadIntercept() => ReadRow<T>(ModelFolder.Intercept);

    /// <summary>A number a target, as 1 x targets.</summary>
    private Matrix<TNumber> ReadRow<TNumber>(string file)
        where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
    {
        using Matrix<TNumber> column = NpyFile.Read<TNumber>(InModel(file));
        RequireShape(file, column.View, (nint)Description.Targets, 1);
        Matrix<TNumber> row = Matrix<TNumber>.Uninitialized(1, column.Rows);
        column.View.Transposed.CopyTo(row.View);
        return row;
    }

    /// <summary>The features given, in the order of the model's spaces.</summary>
    private FeatureArgument[] MatchSpaces()
    {
        string[] known = [.. Description.Sources().Select(space => space.Name)];
        foreach (FeatureArgument given in _input.Features)
        {
            if (!known.Contains(given.Name))
            {
                throw new OptionException(
                    $"--features {given}", $"the model has no space '{given.Name}'; it has {string.Join(", ", known)}");
            }

            if (_input.Features.Count(other => other.Name == given.Name) > 1)
            {
                throw new OptionException($"--features {given}", $"the space '{given.Name}' is named twice");
            }
        }

        return [.. known.Select(name => _input.Features.FirstOrDefault(given => given.Name == name)
            ?? throw new OptionException("--features", $"the model's space '{name}' is missing"))];
    }

    /// <summary>Without its runs a series is delayed and z-scored as one, which gives other numbers.</summary>
    private void RequireRuns()
    {
        if (_input.Runs is null && Description.HasRuns
            && (Description.ZScoreRuns || Description.Spaces.Any(space => space.Delays is not null)))
        {
            throw new OptionException(
                "--runs", "the model was fitted with runs; give --runs (a file that numbers one run will do)");
        }
    }

    /// <summary>
    /// Codes, delays, z-scores and centres new features as those of the fit; they become the design's test part.
    /// </summary>
    private Design<T> Prepare(IReadOnlyList<FeatureArgument> arguments)
    {
        using Matrix<double> means = NpyFile.Read<double>(InModel(ModelFolder.FeatureMeans));
        Design<T>? design = null;
        try
        {
            for (int i = 0; i < arguments.Count; i++)
            {
                _cancellation.ThrowIfCancellationRequested();
                string path = arguments[i].Source.Path;
                using Matrix<T> coded = FeatureCoding.Apply<T>(arguments[i].Source, Description.Sources()[i]);
                int samples = checked((int)coded.Rows);
                FeatureCoding.RequireFinite(coded.View, path, _cancellation);
                if (design is null)
                {
                    design = new Design<T>(Description.Spaces, Description.IsJoint(), 0, samples);
                    RequireMeans(means.View, design);
                    Runs = _input.Runs is null ? RunLabels.Single(samples)
                        : RunsFile.Read(_input.Runs, samples, path);
                }

                DesignLoader.RequireSamples(samples, path, (int)design.Test.Rows, arguments[0].Source.Path);
                if (Description.Source is null)
                {
                    Prepare(coded.View, design, i);
                }
                else
                {
                    PrepareColumns(coded.View, design);
                }
            }

            return design!;
        }
        catch
        {
            design?.Dispose();
            throw;
        }
    }

    /// <summary>Prepares all spaces from the one matrix that they are columns of.</summary>
    private void PrepareColumns(MatrixView<T> source, Design<T> design)
    {
        for (int i = 0; i < Description.Spaces.Count; i++)
        {
            IReadOnlyList<int> columns = Description.Spaces[i].SourceColumns ?? [];
            if (columns.Count != Description.Spaces[i].CodedFeatures
                || columns.Any(column => column < 0 || column >= source.Columns))
            {
                throw new DataFormatException(
                    InModel(ModelFolder.Model), $"damaged: the columns of space '{Description.Spaces[i].Name}'");
            }

            using Matrix<T> space = Matrix<T>.Uninitialized(source.Rows, columns.Count);
            for (int j = 0; j < columns.Count; j++)
            {
                source.SliceColumns(columns[j], 1).CopyTo(space.View.SliceColumns(j, 1));
            }

            Prepare(space.View, design, i);
        }
    }

    private void Prepare(MatrixView<T> coded, Design<T> design, int index)
    {
        MatrixView<T> block = design.SpaceBlock(design.Test.View, index);
        if (Description.Spaces[index].Delays is { } delays)
        {
            using Matrix<T> delayed = Delays.Apply(coded, [.. delays], Runs);
            delayed.View.CopyTo(block);
        }
        else
        {
            coded.CopyTo(block);
        }

        if (Description.ZScoreRuns)
        {
            OptionException.Guard("--runs", () =>
            {
                ZScore.ByRun(block, Runs);
                return true;
            });
        }

        ColumnMeans.Subtract(block, design.SpaceMeans(index));
    }

    private void RequireMeans(MatrixView<double> means, Design<T> design)
    {
        RequireShape(ModelFolder.FeatureMeans, means, design.Means.Length, 1);
        for (int i = 0; i < design.Means.Length; i++)
        {
            design.Means[i] = means[i, 0];
        }
    }

    private void RequireShape<TNumber>(string file, MatrixView<TNumber> view, nint rows, nint columns)
        where TNumber : unmanaged
    {
        if (view.Rows != rows || view.Columns != columns)
        {
            throw new DataFormatException(
                InModel(file), $"{view.Rows} x {view.Columns}; {ModelFolder.Model} says {rows} x {columns}");
        }
    }

    private string InModel(string file) => Path.Combine(_input.Model, file);
}
