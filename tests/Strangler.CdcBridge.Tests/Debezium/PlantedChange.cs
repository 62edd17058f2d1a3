using System.Text.RegularExpressions;

namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>A change of one record that the comparer must find, and what it then says.</summary>
internal sealed partial record PlantedChange(string Kind, string Found, Func<RecordedRecord, RecordedRecord> Apply)
{
    /// <summary>Every kind of change; each changes a record only where it has what the change is about.</summary>
    public static readonly IReadOnlyList<PlantedChange> All =
    [
        new("value", ".value", record => OnValue(record, FirstOperation(), "\"op\":\"q\"")),
        new("a value in the source", ".value", record => OnValue(record, FirstDatabase(), "\"db\":\"elsewhere\"")),
        new("field order", "field order", record => OnValue(record, Neighbours(), "$2,$1")),
        new("missing field", "missing", record => OnValue(record, FirstDatabase(), "\"connector\":\"postgresql\"")),
        new("added field", "unexpected", record => OnValue(record, FirstDatabase(), "$0,\"added\":null")),
        new("escape", ".value", record => OnValue(record, FirstConnector(), "\"connector\":\"postgre\\u0073ql\"")),
        new(
            "escape in a name",
            ".value",
            record => OnValue(record, FirstConnector(), "\"conn\\u0065ctor\":\"postgresql\"")
        ),
        new("white space", "white space", record => OnValue(record, FirstOperation(), "$0 ")),
        new("broken JSON", ".value", record => OnValue(record, LastBrace(), "")),
        new("no value", ".value", record => record.Value is null ? record : record with { Value = null }),
        new("null as text", "white space", record => record.Value is null ? record with { Value = "null" } : record),
        new("key's white space", ".key", record => OnKey(record, FirstColon(), ": ")),
        new("key's number", ".key", record => OnKey(record, FirstNumber(), "${digit}.0")),
        new("key's name", ".key", record => OnKey(record, FirstName(), "{\"x$1")),
        new("no key", "records", record => record with { Key = null }),
        new(
            "partition",
            "records",
            record => record.Key is null ? record : record with { Partition = record.Partition + 1 }
        ),
        new("topic", "records", record => record with { Topic = $"{record.Topic}.x" }),
        new("header order", ".headers", record => record with { Headers = [.. record.Headers.Reverse()] }),
        new("header's value", ".headers.", record => OnHeader(record, header => header with { Value = "\"x\"" })),
        new("header's name", ".headers", record => OnHeader(record, header => header with { Name = "x" })),
        new("missing header", ".headers", record => record with { Headers = [.. record.Headers.Take(1)] }),
    ];

    /// <summary>The record changed, null where it has nothing that this changes.</summary>
    public RecordedRecord? Plant(RecordedRecord record)
    {
        var changed = Apply(record);
        return changed with { Headers = record.Headers } == record && changed.Headers.SequenceEqual(record.Headers)
            ? null
            : changed;
    }

    public override string ToString() => Kind;

    private static RecordedRecord OnValue(RecordedRecord record, Regex pattern, string replacement) =>
        record.Value is null ? record : record with { Value = pattern.Replace(record.Value, replacement, 1) };

    private static RecordedRecord OnKey(RecordedRecord record, Regex pattern, string replacement) =>
        record.Key is null || TransactionKey().IsMatch(record.Key)
            ? record
            : record with
            {
                Key = pattern.Replace(record.Key, replacement, 1),
            };

    private static RecordedRecord OnHeader(RecordedRecord record, Func<RecordedHeader, RecordedHeader> change) =>
        record.Headers.Count < 2
            ? record
            : record with
            {
                Headers = [change(record.Headers[0]), .. record.Headers.Skip(1)],
            };

    [GeneratedRegex(@"""op"":""[a-z]""")]
    private static partial Regex FirstOperation();

    [GeneratedRegex(@"""db"":""[^""]*""")]
    private static partial Regex FirstDatabase();

    [GeneratedRegex(@"""connector"":""postgresql""")]
    private static partial Regex FirstConnector();

    [GeneratedRegex(@"(""connector"":""[a-z]+""),(""name"":""[^""]*"")")]
    private static partial Regex Neighbours();

    [GeneratedRegex(":")]
    private static partial Regex FirstColon();

    [GeneratedRegex(@"(?<digit>:[0-9]+)(?=[,}])")]
    private static partial Regex FirstNumber();

    [GeneratedRegex(@"^\{""([a-z])")]
    private static partial Regex FirstName();

    [GeneratedRegex(@"\}$")]
    private static partial Regex LastBrace();

    [GeneratedRegex(@"""[0-9]+:[0-9]+""")]
    private static partial Regex TransactionKey();
}
