using System.Text.RegularExpressions;

namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// Which tables are captured: Debezium's include and exclude lists, regular expressions that match the whole name and
/// ignore case.
/// </summary>
internal sealed class TableSelection(
    IReadOnlyList<string> includeSchemas,
    IReadOnlyList<string> excludeSchemas,
    IReadOnlyList<string> includeTables,
    IReadOnlyList<string> excludeTables
)
{
    private readonly Regex[] _includeSchemas = Compile(includeSchemas),
        _excludeSchemas = Compile(excludeSchemas),
        _includeTables = Compile(includeTables),
        _excludeTables = Compile(excludeTables);

    public IReadOnlyList<string> IncludedTables => includeTables;

    public bool Selects(TableName table) =>
        (_includeSchemas.Length == 0 || Matches(_includeSchemas, table.Schema))
        && !Matches(_excludeSchemas, table.Schema)
        && (_includeTables.Length == 0 || Matches(_includeTables, table.ToString()))
        && !Matches(_excludeTables, table.ToString());

    /// <summary>
    /// The index of the first entry of <c>table.include.list</c> that matches: a snapshot reads tables in that order.
    /// </summary>
    public int PlaceOf(TableName table) =>
        Array.FindIndex(_includeTables, expression => expression.IsMatch(table.ToString()));

    /// <summary>The entries of <c>table.include.list</c> that match no table: misspelt, or absent.</summary>
    public IEnumerable<string> Unmatched(IEnumerable<TableName> tables)
    {
        var names = tables.Select(table => table.ToString()).ToList();
        return includeTables.Where((_, i) => !names.Exists(_includeTables[i].IsMatch));
    }

    private static bool Matches(Regex[] expressions, string name) =>
        Array.Exists(expressions, expression => expression.IsMatch(name));

    private static Regex[] Compile(IReadOnlyList<string> expressions) =>
        [.. expressions.Select(expression => JavaPattern.Compile(expression))];
}
