using System.Globalization;
using System.Security.Cryptography;

namespace Strangler.CdcBridge.Wire;

/// <summary>What the stream says about a table, and what the catalogue says in the same terms.</summary>
/// <param name="Identity">Its replica identity: <c>d</c>efault, <c>f</c>ull, <c>i</c>ndex or <c>n</c>othing.</param>
internal sealed record RelationShape(
    uint Oid,
    string Schema,
    string Table,
    char Identity,
    IReadOnlyList<RelationColumn> Columns
)
{
    /// <summary>Equal for equal shapes. It is compared with that of the last Schema record.</summary>
    public string Hash() =>
        Digest.Of([
            Oid.ToString(CultureInfo.InvariantCulture),
            Schema,
            Table,
            Identity.ToString(),
            .. Columns.SelectMany(column =>
                new[]
                {
                    column.Name,
                    column.TypeOid.ToString(CultureInfo.InvariantCulture),
                    column.TypeModifier.ToString(CultureInfo.InvariantCulture),
                    column.InIdentity ? "k" : "",
                }
            ),
        ]);
}

/// <summary>A column of a relation.</summary>
internal sealed record RelationColumn(string Name, uint TypeOid, int TypeModifier, bool InIdentity);

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
