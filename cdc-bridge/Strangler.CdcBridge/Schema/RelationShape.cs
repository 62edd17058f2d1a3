using System.Globalization;
using System.Security.Cryptography;
using Strangler.CdcBridge.Configuration;

namespace Strangler.CdcBridge.Schema;

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
    /// <summary>
    /// The same with readable names. In a session without the server's conversion, names arrive as the database's own
    /// bytes, and those that are not UTF-8 become U+FFFD: no row would find its table by them.
    /// </summary>
    /// <param name="known">The name under which the log has the table; null if the log doesn't have it.</param>
    /// <param name="now">The table as the catalogue has it now; null if it isn't there.</param>
    public RelationShape Named(TableName? known, CatalogueTable? now)
    {
        if (!Columns.Select(column => column.Name).Append(Schema).Append(Table).Any(IsUnread))
            return this;
        var name = known ?? now?.Name ?? new TableName(Schema, Table);
        var there = now?.ToShape().Columns ?? [];
        var isSame = there
            .Select(column => column with { Name = "" })
            .SequenceEqual(Columns.Select(column => column with { Name = "" }));
        return this with { Schema = name.Schema, Table = name.Name, Columns = isSame ? there : Columns };

        static bool IsUnread(string name) => name.Contains('\uFFFD', StringComparison.Ordinal);
    }

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
