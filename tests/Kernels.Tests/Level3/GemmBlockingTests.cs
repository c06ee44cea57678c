using NUnit.Framework;
using VemKernels.Simd;

namespace VemKernels.Tests.Level3;

[TestFixture]
internal sealed class GemmBlockingTests
{
    [TestCase(0, ExpectedResult = 0)]
    [TestCase(1, ExpectedResult = 8)]
    [TestCase(100, ExpectedResult = 104)]
    [TestCase(149, ExpectedResult = 152)]
    [TestCase(150, ExpectedResult = 80)]
    [TestCase(310, ExpectedResult = 104)]
    public int Blocks_are_of_about_the_wanted_size(int count) => (int)GemmBlocking.Even(count, wanted: 100, unit: 8);

    [Test]
    public void The_last_block_is_shorter_by_rounding_alone([Values(1, 8, 24)] int unit)
    {
        for (int count = 1; count <= 2000; count++)
        {
            int each = (int)GemmBlocking.Even(count, wanted: 120, unit);
            int blocks = (count + each - 1) / each;
            Assert.That(each % unit, Is.Zero, $"{count}");
            Assert.That(each, Is.LessThan(180 + unit), $"{count}");
            Assert.That(count - ((blocks - 1) * each), Is.GreaterThan(each - (blocks * unit)), $"{count}");
        }
    }
}
