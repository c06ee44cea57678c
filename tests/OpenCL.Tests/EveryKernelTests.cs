using System.Text.RegularExpressions;
using NUnit.Framework;
using VemKernels.Device;

namespace VemKernels.OpenCL.Tests;

/// <summary>No kernel is left out of <see cref="EveryOperation{T}"/>, and so of what runs in the simulator.</summary>
public sealed partial class EveryKernelTests
{
    [Test]
    public void Every_kernel_of_every_source_is_launched()
    {
        HashSet<string> launched = [];
        HashSet<string> present = [];
        foreach (DeviceKind kind in Enum.GetValues<DeviceKind>())
        {
            using OpenClBackend backend = Devices.Start(kind);
            foreach (Action<IBackend, Session<float>> call in EveryOperation<float>.All.Values)
            {
                using Session<float> session = new(backend);
                call(backend, session);
            }

            backend.MultiplyAdds<float>(groups: 1, steps: 1).Dispose();
            launched.UnionWith(backend.KernelsLaunched);
            foreach (string source in backend.SourceNames)
            {
                present.UnionWith(KernelHead().Matches(backend.TextOf(source)).Select(
                    match => $"{source} {match.Groups[1].Value}"));
            }
        }

        Assert.That(present, Has.Count.GreaterThan(30));
        Assert.That(present.Except(launched), Is.Empty, "kernels that no operation launches");
    }

    [GeneratedRegex(@"^KERNEL(?:_OF\([^)]*\))?\s+(\w+)\(", RegexOptions.Multiline)]
    private static partial Regex KernelHead();
}
