using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using VemKernels.Data;

namespace VemKernels.Estimators;

/// <summary>Folders of saved estimators.</summary>
/// <remarks>
/// <code>
/// summary.json      EstimatorDescription: format, version, estimator, data type, sizes, options
/// NAME.npy          one file an array, such as coef.npy, deltas.npy, best_alphas.npy
/// </code>
/// A folder appears whole or not at all, and an earlier one in its place stays until then.
/// </remarks>
public static class EstimatorFolder
{
    /// <summary>The description's file; its name is what lets an earlier output be replaced.</summary>
    private const string DescriptionFile = AtomicFolder.Marker;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower),
            new PairwiseKernelConverter(),
            new KernelListConverter(),
        },
    };

    /// <summary>Reads what is saved in a folder: which estimator, of which type, how large.</summary>
    /// <exception cref="FileNotFoundException">The folder holds no description.</exception>
    /// <exception cref="DataFormatException">
    /// The description is damaged, of something else, or of a newer version.
    /// </exception>
    public static EstimatorDescription Describe(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string path = Path.Combine(folder, DescriptionFile);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path}: no such file; {folder} does not hold a saved estimator", path);
        }

        try
        {
            using FileStream stream = File.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(stream);
            RequireReadable(path, document.RootElement);
            EstimatorDescription description = document.RootElement.Deserialize<EstimatorDescription>(Json)
                ?? throw new DataFormatException(path, "is empty");
            return description.IsConsistent() ? description
                : throw new DataFormatException(path, "damaged: its sizes make no model");
        }
        catch (JsonException exception)
        {
            throw new DataFormatException(path, $"damaged: {exception.Message}", exception);
        }
    }

    /// <summary>The error of a folder whose options and sizes contradict each other.</summary>
    internal static DataFormatException Contradiction(string folder) =>
        new(Path.Combine(folder, DescriptionFile), "damaged: its options are not those of its sizes");

    /// <summary>Writes a folder.</summary>
    internal static void Save<T>(
        string folder, string estimator, object options, FittedModel<T> model, IReadOnlyList<SavedSpace>? spaces)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using AtomicFolder output = new(folder, [DescriptionFile, "*.npy"]);
        foreach ((string name, Matrix<T> array) in model.Arrays)
        {
            NpyFile.Write(output[FileOf(name)], array.View);
        }

        if (model.Sparse is { } sparse)
        {
            SparseArrays.Write(sparse, file => output[file]);
        }

        EstimatorDescription description = new()
        {
            Format = EstimatorDescription.FormatName,
            Version = EstimatorDescription.CurrentVersion,
            Estimator = estimator,
            DataType = DataTypeOf<T>(),
            Sizes = model.Sizes,
            Spaces = spaces,
            Options = JsonSerializer.SerializeToElement(options, options.GetType(), Json),
        };
        using (AtomicFile file = new(output[DescriptionFile]))
        {
            JsonSerializer.Serialize(file.Stream, description, Json);
            file.Commit();
        }

        output.Commit();
    }

    /// <summary>Reads the description of an estimator of a certain class and type, and its options.</summary>
    internal static (
        TOptions Options, EstimatorDescription Description) Open<T, TOptions>(string folder, string estimator)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOptions : class
    {
        EstimatorDescription description = Describe(folder);
        string path = Path.Combine(folder, DescriptionFile);
        if (description.Estimator != estimator)
        {
            throw new DataFormatException(path, $"holds a {description.Estimator}; expected a {estimator}");
        }

        if (description.DataType != DataTypeOf<T>())
        {
            throw new DataFormatException(path, $"holds a model of {description.DataType}; expected {DataTypeOf<T>()}");
        }

        try
        {
            TOptions? options = description.Options.Deserialize<TOptions>(Json);
            return (options ?? throw new DataFormatException(path, "damaged: it has no options"), description);
        }
        catch (JsonException exception)
        {
            throw new DataFormatException(path, $"damaged: {exception.Message}", exception);
        }
    }

    /// <summary>Reads arrays whose shapes are known.</summary>
    internal static FittedModel<T> ReadArrays<T>(string folder, ModelSizes sizes, IEnumerable<ArrayShape> shapes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        FittedModel<T> model = new() { Sizes = sizes };
        try
        {
            foreach (ArrayShape shape in shapes)
            {
                string path = Path.Combine(folder, FileOf(shape.Name));
                Matrix<T> array = NpyFile.Read<T>(path);
                model.Add(shape.Name, array);
                if (array.Rows != shape.Rows || array.Columns != shape.Columns)
                {
                    throw new DataFormatException(
                        path, $"{array.Rows} x {array.Columns}; {DescriptionFile} says {shape.Rows} x {shape.Columns}");
                }
            }

            if (sizes.Sparse)
            {
                model.Sparse = SparseArrays.Read<T>(folder, sizes.Samples, sizes.Features[0]);
            }

            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static void RequireReadable(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out JsonElement format)
            || format.ValueKind != JsonValueKind.String || format.GetString() != EstimatorDescription.FormatName)
        {
            throw new DataFormatException(path, "is not the description of a saved estimator");
        }

        if (!root.TryGetProperty("version", out JsonElement number) || number.ValueKind != JsonValueKind.Number
            || !number.TryGetInt32(out int version) || version < 1)
        {
            throw new DataFormatException(path, "damaged: it names no version");
        }

        if (version > EstimatorDescription.CurrentVersion)
        {
            throw new DataFormatException(
                path, $"version {version} was written by a newer VemKernels; this one reads up to "
                    + $"version {EstimatorDescription.CurrentVersion}");
        }
    }

    private static string FileOf(string array) => array + ".npy";

    private static string DataTypeOf<T>() => typeof(T) == typeof(float) ? "float32" : "float64";
}
