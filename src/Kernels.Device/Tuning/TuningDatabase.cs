using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VemKernels.Device;

/// <summary>
/// What was measured on devices, in a folder: a file of JSON for each device and driver, so that processes that tune
/// different devices do not meet. Files are written beside and renamed. A file that is damaged, of another version or
/// of another device is as good as none.
/// </summary>
internal sealed class TuningDatabase(string folder)
{
    /// <summary>Changes with the meaning of the values.</summary>
    private const int Version = 1;

    /// <summary>What was measured; null where nothing is to be had.</summary>
    /// <param name="device">The device's own name.</param>
    /// <param name="driver">Its driver, with the version.</param>
    public DeviceTuning? Read(string device, string driver)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(PathOf(device, driver)));
            return Parse(document.RootElement, device, driver);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException
            or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Keeps what was measured, in place of what was there.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public void Write(string device, string driver, DeviceTuning tuning)
    {
        string path = PathOf(device, driver);
        string temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(folder);
        try
        {
            File.WriteAllBytes(temporary, Format(device, driver, tuning));
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Where the values of a device are kept.</summary>
    public string PathOf(string device, string driver)
    {
        const int NameDigits = 16;
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{device}\0{driver}")));
        return Path.Combine(folder, $"tuning-{digest[..NameDigits]}.json");
    }

    private static DeviceTuning? Parse(JsonElement root, string device, string driver)
    {
        if (root.GetProperty("version").GetInt32() != Version || root.GetProperty("device").GetString() != device
            || root.GetProperty("driver").GetString() != driver)
        {
            return null;
        }

        Dictionary<string, IReadOnlyDictionary<string, int>> kernels = [];
        foreach (JsonProperty kernel in root.GetProperty("kernels").EnumerateObject())
        {
            kernels[kernel.Name] = kernel.Value.EnumerateObject().ToDictionary(
                value => value.Name, value => value.Value.GetInt32());
        }

        return new DeviceTuning(kernels);
    }

    private static byte[] Format(string device, string driver, DeviceTuning tuning)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", Version);
            writer.WriteString("device", device);
            writer.WriteString("driver", driver);
            writer.WriteStartObject("kernels");
            foreach ((string name, IReadOnlyDictionary<string, int> values) in tuning.Kernels.OrderBy(
                pair => pair.Key, StringComparer.Ordinal))
            {
                writer.WriteStartObject(name);
                foreach ((string key, int value) in values)
                {
                    writer.WriteNumber(key, value);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
