using System.Numerics;
using NUnit.Framework;

namespace VemKernels.Kernels.Tests.Contract;

[TestFixtureSource(typeof(Backends), nameof(Backends.WithElementTypes))]
public sealed class PeakContractTests<T>(BackendUnderTest underTest) : ContractFixture<T>(underTest)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [Test]
    public void A_peak_is_a_positive_rate() =>
        Assert.That(Backend.MeasurePeak<T>(), Is.GreaterThan(1e3).And.LessThan(1e18));
}
