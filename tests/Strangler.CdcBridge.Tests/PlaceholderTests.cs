using System.Text.Json;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Tables;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>
/// Debezium's placeholder within a value, as an element of an array or in JSON, is a text like any other: the wire says
/// which columns were not sent.
/// </summary>
public sealed class PlaceholderTests(PostgresFixture postgres)
{
    private const string Typed = "__debezium_unavailable_value";

    /// <summary>A column's type, a value that contains the placeholder, and its JSON in the log.</summary>
    public static TheoryData<string, string, string> Values =>
        new()
        {
            { "text[]", $"array['{Typed}']", $"[\"{Typed}\"]" },
            { "text[]", $"array['{Typed}', null, 'a', '{Typed}']", $"[\"{Typed}\",null,\"a\",\"{Typed}\"]" },
            { "text[]", $"array[array['{Typed}'], array['b']]", $"[[\"{Typed}\"],[\"b\"]]" },
            { "varchar[]", $"'[0:0]={{{Typed}}}'", $"[\"{Typed}\"]" },
            { "bytea[]", $"array['{Typed}'::bytea]", "[\"X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==\"]" },
            { "json[]", $"array['\"{Typed}\"'::json]", $"[\"\\u0022{Typed}\\u0022\"]" },
            { "jsonb", $"'\"{Typed}\"'", $"\"\\u0022{Typed}\\u0022\"" },
            { "jsonb", $"'[\"{Typed}\"]'", $"\"[\\u0022{Typed}\\u0022]\"" },
            { "json", $"'{{\"{Typed}\":\"{Typed}\"}}'", $"\"{{\\u0022{Typed}\\u0022:\\u0022{Typed}\\u0022}}\"" },
            { "text", $"'{{{Typed}}}'", $"\"{{{Typed}}}\"" },
        };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Record_PlaceholderWithinAValue_IsAValueThatWasSent(string type, string value, string json)
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            $"""
            create table wide (id int primary key, v {type}, far {type}, small int);
            alter table wide alter far set storage external;
            insert into wide values (1, {value}, {Far(type)}, 0)
            """
        );
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync("update wide set small = 1");
        await source.ExecuteAsync($"update wide set far = {value}");
        await source.ExecuteAsync($"insert into wide values (2, {value}, null, 2)");
        var records = (await bridge.CaughtUpAsync(source)).Where(record => record.Kind == LogRecordKind.Data).ToList();

        using var expected = JsonDocument.Parse(json);
        Assert.All(records, record => Same(expected.RootElement, ChangeTests.After(record).GetProperty("v")));
        // Only the update that doesn't change the long value lacks one.
        Assert.Equal(["", "far", "", ""], records.Select(NotSent));
        Assert.Equal(Typed, ChangeTests.After(records[1]).GetProperty("far").GetString());
        Same(expected.RootElement, ChangeTests.After(records[2]).GetProperty("far"));
    }

    private static void Same(JsonElement expected, JsonElement actual) =>
        Assert.True(JsonElement.DeepEquals(expected, actual), actual.GetRawText());

    private static string NotSent(LogRecord record) =>
        string.Join(',', RowHeaders.Columns(record.Headers, RowHeaders.Unavailable) ?? new HashSet<string>());

    /// <summary>A value of the type that is stored out of line.</summary>
    private static string Far(string type) =>
        type switch
        {
            "bytea[]" => "array[repeat('x', 9000)::bytea]",
            "json[]" => "array[to_json(repeat('x', 9000))]",
            "json" or "jsonb" => $"to_jsonb(repeat('x', 9000))::{type}",
            "text" => "repeat('x', 9000)",
            _ => "array[repeat('x', 9000)]",
        };
}
