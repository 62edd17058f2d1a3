using System.Text.RegularExpressions;
using Xunit;

namespace Strangler.Architecture.Tests;

/// <summary>The product reads the columns of a result by their names.</summary>
public sealed partial class ColumnTests
{
    /// <summary>Calls that may count columns, by file.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        // ScalarAsync: its statements return one value, whose column needs no name
        ["projections/Strangler.Projections/Storing/StoreSession.cs"] = ["IsDBNull(0", "GetFieldValue<T>(0"],
    };

    [Fact]
    public void Reader_OfTheProduct_CountsNoColumns()
    {
        var found = (
            from path in Repository.Files
            where path.EndsWith(".cs", StringComparison.Ordinal)
            where !path.StartsWith("tests/", StringComparison.Ordinal)
            from call in Counting(File.ReadAllText(Repository.Full(path)))
            select $"{path}: {call}"
        ).ToList();
        var allowed = Allowed.SelectMany(file => file.Value.Select(call => $"{file.Key}: {call}")).ToList();

        Assert.Empty(found.Except(allowed));
        // an obsolete exception is removed from the list
        Assert.Empty(allowed.Except(found));
    }

    [Theory]
    [InlineData("row.GetString(0)", "GetString(0")]
    [InlineData("row.GetFieldValue<byte[]>(12)", "GetFieldValue<byte[]>(12")]
    [InlineData("await row.IsDBNullAsync(3, cancellationToken)", "IsDBNullAsync(3")]
    [InlineData("row.GetInt32(column + 2)", "GetInt32(column + 2")]
    [InlineData("row.GetString(5 + slot)", "GetString(5")]
    [InlineData("row.GetInt64(SourceRow.Count + 4)", "GetInt64(SourceRow.Count + 4")]
    [InlineData("row.TextOrNull(\n    7\n)", "TextOrNull(7")]
    [InlineData("row.GetOrdinal(\"epoch\") + 1", "GetOrdinal(\"epoch\") +")]
    [InlineData("var name = reader[1];", "reader[1")]
    [InlineData("connection.QueryAsync<(int, string?)>(look)", "QueryAsync<(")]
    [InlineData("connection.QuerySingleAsync<(\n    string Name,\n    int Age\n)>(look)", "QuerySingleAsync<(")]
    public void Counting_PlantedOffender_IsFound(string code, string found) => Assert.Equal([found], Counting(code));

    [Theory]
    [InlineData("row.GetString(columns.Key)")]
    [InlineData("row.GetInt64(\"l0\")")]
    [InlineData("row.ValueOrNull<int>(\"trusted_epoch\") ?? 0")]
    [InlineData("row.GetOrdinal(\"l1\")")]
    [InlineData("RandomNumberGenerator.GetBytes(12)")]
    [InlineData("names.GetLength(0)")]
    [InlineData("documents.BytesAt(0)")]
    [InlineData("connection.QueryAsync<Row>(new CommandDefinition(Sql, new { limit = 10 }))")]
    public void Counting_PlantedInnocent_IsLeftAlone(string code) => Assert.Empty(Counting(code));

    private static IEnumerable<string> Counting(string code) =>
        Ordinal().Matches(code).Select(call => Space().Replace(call.Groups["call"].Value, ""));

    [GeneratedRegex(
        """
            \.(?<call>(?:
                Get(?:Boolean|Char|DateTime|Decimal|Double|FieldValue(?:Async)?|Float|Guid|Int16|Int32|Int64)
                |Get(?:Stream|String|TextReader|TimeSpan|Value)|IsDBNull(?:Async)?|(?:Value|Text|Bytes)OrNull
            )(?:<[^()]+>)?\([^()"]*?\b\d+)
            |\.(?<call>GetOrdinal\([^()]*\)\s*[+-])
            |\b(?<call>(?:row|reader)\[\d+)
            |\.(?<call>Query\w*<\()
            """,
        RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Ordinal();

    [GeneratedRegex(@"(?<=\()\s+")]
    private static partial Regex Space();
}
