using System.Security.Cryptography;

namespace Strangler.CdcBridge.Wire;

/// <summary>A short digest of texts.</summary>
internal static class Digest
{
    /// <summary>32 hexadecimal digits; texts are delimited, so that ("ab","c") and ("a","bc") differ.</summary>
    public static string Of(IEnumerable<string?> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in texts)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(text ?? "");
            hash.AppendData(BitConverter.GetBytes(text is null ? -1 : bytes.Length));
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
