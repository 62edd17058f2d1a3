using Strangler.Foundation.Patterns;

namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// Which tables are captured: Debezium's include and exclude lists, regular expressions that match the whole name and
/// ignore case.
/// </summary>
internal sealed class TableSelection(
    IReadOnlyList<JavaPattern> includeSchemas,
    IReadOnlyList<JavaPattern> excludeSchemas,
    IReadOnlyList<JavaPattern> includeTables,
    IReadOnlyList<JavaPattern> excludeTables
)
{
    public bool Selects(TableName table) =>
        (includeSchemas.Count == 0 || Matches(includeSchemas, table.Schema))
        && !Matches(excludeSchemas, table.Schema)
        && (includeTables.Count == 0 || Matches(includeTables, table.ToString()))
        && !Matches(excludeTables, table.ToString());

    /// <summary>
    /// The index of the first entry of <c>table.include.list</c> that matches: a snapshot reads tables in that order.
    /// -1: none does.
    /// </summary>
    public int PlaceOf(TableName table) =>
        includeTables
            .Index()
            .Where(entry => entry.Item.IsMatch(table.ToString()))
            .Select(entry => entry.Index)
            .FirstOrDefault(-1);

    /// <summary>The entries of <c>table.include.list</c> that match no table: misspelt, or absent.</summary>
    public IEnumerable<string> Unmatched(IEnumerable<TableName> tables)
    {
        var names = tables.Select(table => table.ToString()).ToList();
        return includeTables.Where(table => !names.Exists(table.IsMatch)).Select(table => table.Text);
    }

    private static bool Matches(IReadOnlyList<JavaPattern> expressions, string name) =>
        expressions.Any(expression => expression.IsMatch(name));
}
