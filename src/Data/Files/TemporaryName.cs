using System.Security.Cryptography;

namespace VemKernels.Data;

/// <summary>Names for what is written beside its final place.</summary>
internal static class TemporaryName
{
    private const int RandomDigits = 8;

    /// <summary>path.tmp-xxxxxxxx, with random digits.</summary>
    public static string For(string path, string kind = "tmp") =>
        $"{path}.{kind}-{RandomNumberGenerator.GetHexString(RandomDigits, lowercase: true)}";
}
