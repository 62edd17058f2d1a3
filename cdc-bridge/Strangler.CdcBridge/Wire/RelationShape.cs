using System.Globalization;

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
