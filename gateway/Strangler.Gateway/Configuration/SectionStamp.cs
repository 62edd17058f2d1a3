using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Strangler.Gateway.Configuration;

/// <summary>A digest of the content of a section.</summary>
internal static class SectionStamp
{
    /// <returns>Equal for equal keys and values, whatever their order and the case of keys; else different.</returns>
    public static string Of(IConfigurationSection section)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var values = section
            .AsEnumerable(makePathsRelative: true)
            .OrderBy(value => value.Key, StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in values)
        {
            Add(key.ToUpperInvariant());
            Add(value);
        }
        return Convert.ToHexString(digest.GetHashAndReset().AsSpan(0, 16));

        // its length first, so that no two lists of texts are alike
        void Add(string? text)
        {
            var bytes = Encoding.UTF8.GetBytes(text ?? "");
            digest.AppendData(BitConverter.GetBytes(text is null ? -1 : bytes.Length));
            digest.AppendData(bytes);
        }
    }
}
