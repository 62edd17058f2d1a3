using Xunit;

namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>What the comparer lets pass and what it doesn't, a rule a test.</summary>
public sealed class RecordingRuleTests
{
    private const string Change = """
        {"after":{"id":1},"source":{"version":"3","ts_ms":1,"sequence":"[null,\"7\"]","txId":70,"lsn":7,"xmin":null},
        "transaction":{"id":"70:7","total_order":1},"op":"c","ts_ms":2,"ts_us":3,"ts_ns":4}
        """;

    [Theory]
    [InlineData("1.0E10", "10000000000.0", 0)]
    [InlineData("1E+10", "1.0E10", 0)]
    [InlineData("-0.0", "0.0", 0)]
    [InlineData("1.5", "1.50", 0)]
    [InlineData("1.5", "1.6", 1)]
    [InlineData("10", "1E1", 1)]
    [InlineData("1.0", "1", 1)]
    [InlineData("\"1.5\"", "\"1.50\"", 1)]
    public void Compare_FloatSpeltOtherwiseInAValue_DiffersOnlyWhereItIsAnotherNumber(
        string expected,
        string actual,
        int differences
    ) => Assert.Equal(differences, Compare(Of($$"""{"f":{{expected}}}"""), Of($$"""{"f":{{actual}}}""")).Count);

    [Theory]
    [InlineData("""{"f":1.0E10}""", """{"f":10000000000.0}""")]
    [InlineData("""{"t":"ü"}""", """{"t":"\u00fc"}""")]
    [InlineData("""{"t":1}""", """{"t": 1}""")]
    public void Compare_KeySpeltOtherwise_Differs(string expected, string actual) =>
        Assert.Equal(
            [$"t partition 0[0].key: {actual}, expected {expected}"],
            Compare(Of("1", expected), Of("1", actual))
        );

    [Theory]
    [InlineData("\"ts_ms\":1", "\"ts_ms\":2")]
    [InlineData("\"lsn\":7", "\"lsn\":8")]
    [InlineData("\\\"7\\\"", "\\\"8\\\"")]
    [InlineData("\"version\":\"3\"", "\"version\":\"4\"")]
    [InlineData("70", "71")]
    [InlineData("70:7", "70:8")]
    [InlineData("\"ts_us\":3", "\"ts_us\":4")]
    public void Compare_WhatEveryRunHasAnew_IsEqual(string from, string to) =>
        Assert.Empty(Compare(Of(Change), Of(Change.Replace(from, to, StringComparison.Ordinal))));

    [Theory]
    [InlineData("\"ts_ms\":2", "\"ts_ms\":null", "t partition 0[0].value.ts_ms: null, expected <set>")]
    [InlineData("\"xmin\":null", "\"xmin\":5", "t partition 0[0].value.source.xmin: <set>, expected null")]
    [InlineData("\"txId\":70", "\"txId\":71", "t partition 0[0].value.transaction.id: tx2, expected tx1")]
    [InlineData(
        "\"total_order\":1",
        "\"total_order\":2",
        "t partition 0[0].value.transaction.total_order: 2, expected 1"
    )]
    [InlineData(
        "[null,",
        "[\\\"5\\\",",
        """t partition 0[0].value.source.sequence: "[\"<set>\",\"<set>\"]", expected "[null,\"<set>\"]" """
    )]
    public void Compare_WhatNoRunChooses_Differs(string from, string to, string difference) =>
        Assert.Equal(
            [difference.TrimEnd()],
            Compare(Of(Change), Of(Change.Replace(from, to, StringComparison.Ordinal)))
        );

    [Fact]
    public void Compare_RecordsOfAPartitionInAnotherOrder_Differ()
    {
        RecordedRecord[] records = [Of("1", "1"), Of("2", "2")];

        Assert.NotEmpty(RecordingComparer.Compare(records, records.Reverse()));
    }

    [Fact]
    public void Compare_RecordsWithoutAKeyInOtherPartitionsAndOrder_AreEqual()
    {
        RecordedRecord[] records = [Of("1", null), Of("2", null)];
        RecordedRecord[] others = [Of("2", null) with { Partition = 3 }, Of("1", null) with { Partition = 2 }];

        Assert.Empty(RecordingComparer.Compare(records, others));
        Assert.NotEmpty(RecordingComparer.Compare(records, [others[0], others[0]]));
    }

    [Fact]
    public void Compare_TransactionsOfRecordsWithoutAKey_AreNumberedAfterTheOthers()
    {
        RecordedRecord Change(int xid, string? key, int partition) =>
            Of($$$"""{"source":{"txId":{{{xid}}},"lsn":{{{xid}}}1}}""", key) with
            {
                Partition = partition,
            };
        RecordedRecord[] records = [Change(4, null, 0), Change(5, null, 1), Change(3, "1", 2)];
        RecordedRecord[] others = [Change(8, null, 0), Change(6, "1", 2), Change(7, null, 3)];

        Assert.Empty(RecordingComparer.Compare(records, others));
        Assert.NotEmpty(RecordingComparer.Compare(records, [Change(6, null, 0), others[1], others[2]]));
    }

    [Fact]
    public void Compare_TransactionsOwnTopic_NumbersItsKeys()
    {
        RecordedRecord[] records =
        [
            Of("""{"id":"7:1"}""", """{"id":"7:1"}"""),
            Of("""{"id":"9:1"}""", """{"id":"9:1"}"""),
        ];
        RecordedRecord[] others =
        [
            Of("""{"id":"8:3"}""", """{"id":"8:3"}"""),
            Of("""{"id":"9:1"}""", """{"id":"9:1"}"""),
        ];

        Assert.Empty(RecordingComparer.Compare(records, others));
        Assert.NotEmpty(RecordingComparer.Compare(records, [others[0], others[0]]));
    }

    [Fact]
    public void Compare_LogicalMessageAmongATransactionsTables_HasNoAddressAndNoPlace()
    {
        const string Table = """{"data_collection":"public.a","event_count":1}""";
        const string Message = """{"data_collection":"x.LogicalDecodingMessageId@1f","event_count":1}""";
        const string Other = """{"data_collection":"x.LogicalDecodingMessageId@2e","event_count":1}""";

        Assert.Empty(Compare(OfTables(Table, Message), OfTables(Other, Table)));
        Assert.NotEmpty(
            Compare(
                OfTables(Table, Message),
                OfTables(Other, Table.Replace("public.a", "public.b", StringComparison.Ordinal))
            )
        );
        Assert.NotEmpty(Compare(OfTables(Table, "1"), OfTables("1", Table)));
    }

    [Fact]
    public void Drop_RepeatedHeartbeats_KeepsTheFirstOfATopic()
    {
        RecordedRecord[] records = [Of("1", """{"serverName":"s"}"""), Of("2"), Of("3", """{"serverName":"s"}""")];

        Assert.Equal(records[..2], RepeatedHeartbeats.Drop(records));
    }

    [Fact]
    public void Compare_IdOfTheRun_IsLeftOut()
    {
        var run = Of("1") with
        {
            Headers = [RecordedHeader.Of("__debezium.context.runId", "a"), RecordedHeader.Of("n", "1")],
        };
        var other = run with
        {
            Headers = [RecordedHeader.Of("__debezium.context.runId", "b"), RecordedHeader.Of("n", "1")],
        };

        Assert.Empty(Compare(run, other));
    }

    [Theory]
    [InlineData(null, "null")]
    [InlineData("plain", "\"plain\"")]
    [InlineData("""{"id": 1}""", """{"id":1}""")]
    [InlineData("17", "17")]
    [InlineData("12.50", "12.5")]
    [InlineData("100.00", "100")]
    [InlineData("9007199254740993", "9007199254740993")]
    public void Of_BytesOfAHeader_AreAsARecordingSpellsThem(string? bytes, string spelt) =>
        Assert.Equal(spelt, RecordedHeader.Of("h", bytes).Value);

    private static IReadOnlyList<string> Compare(RecordedRecord expected, RecordedRecord actual) =>
        RecordingComparer.Compare([expected], [actual]);

    private static RecordedRecord OfTables(params string[] tables) =>
        Of($$"""{"data_collections":[{{string.Join(',', tables)}}]}""");

    private static RecordedRecord Of(string? value, string? key = "1") => new("t", 0, [], key, value);
}
