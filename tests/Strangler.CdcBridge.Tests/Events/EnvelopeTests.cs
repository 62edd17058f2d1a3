using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Events;
using Strangler.CdcBridge.Profiles;
using Strangler.CdcBridge.Schema;
using Strangler.CdcBridge.Wire;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Tables;
using Xunit;

namespace Strangler.CdcBridge.Tests.Events;

/// <summary>
/// The envelope, byte for byte as Debezium 3.6.1 wrote it for the same changes. Only its ts_ns has digits below 100 ns,
/// which .NET's clock doesn't have.
/// </summary>
public sealed partial class EnvelopeTests
{
    private static readonly RelationModel Relation = RelationModel.Of(
        new RelationShape(
            1,
            "public",
            "by_index",
            'i',
            [new("id", 23, -1, false), new("code", 25, -1, true), new("v", 23, -1, false)]
        ),
        new StranglerProfile("keys_and_identity"),
        [new("integer", 23, 0), new("text", 25, 0), new("integer", 23, 0)],
        new TableFacts(["code"], ["code"], new Dictionary<string, CatalogueColumn>())
    );

    [Fact]
    public void Row_EachOperation_IsDebeziumsBytes()
    {
        foreach (
            var recorded in File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", "debezium-3.6.1.jsonl"))
        )
        {
            using var document = JsonDocument.Parse(recorded);
            var root = document.RootElement;
            var from = root.GetProperty("source");
            var time = new FakeTimeProvider(
                DateTimeOffset.UnixEpoch.AddTicks(root.GetProperty("ts_us").GetInt64() * 10)
            );
            var sequence = JsonSerializer.Deserialize<string?[]>(from.GetProperty("sequence").GetString()!)!;
            var source = new ChangeSource(
                from.GetProperty("snapshot").GetString()!,
                DateTimeOffset.UnixEpoch.AddTicks(from.GetProperty("ts_us").GetInt64() * 10),
                new Lsn(from.GetProperty("lsn").GetUInt64()),
                sequence[0] is { } last
                    ? new Lsn(ulong.Parse(last, System.Globalization.CultureInfo.InvariantCulture))
                    : null,
                from.GetProperty("txId").GetUInt32()
            );
            var envelopes = new EnvelopeWriter(new StranglerProfile("keys_and_identity"), "keys_and_identity", time);
            var op = root.GetProperty("op").GetString()![0];

            var written =
                op == 't'
                    ? envelopes.Truncate(Relation, source)
                    : Row(envelopes, op, root.GetProperty("before"), root.GetProperty("after"), source);

            Assert.Equal(
                LastTime().Replace(recorded, "}"),
                LastTime().Replace(System.Text.Encoding.UTF8.GetString(written), "}")
            );
        }
    }

    [Fact]
    public void Row_WithAnOrigin_NamesIt()
    {
        var source = new ChangeSource("false", DateTimeOffset.UnixEpoch, new Lsn(7), null, 3, "node \"a\"", new Lsn(9));

        using var written = JsonDocument.Parse(
            new EnvelopeWriter(new StranglerProfile("p"), "d", TimeProvider.System).Truncate(Relation, source)
        );

        Assert.Equal("node \"a\"", written.RootElement.GetProperty("source").GetProperty("origin").GetString());
        Assert.Equal(9, written.RootElement.GetProperty("source").GetProperty("origin_lsn").GetInt64());
    }

    [Theory]
    [InlineData("shop", "public", "item", "shop.public.item")]
    [InlineData("shop", "Other Schema", "naïve/😀", "shop.Other_Schema.na_ve___")]
    public void Of_AnyName_IsWhatKafkaAllows(string prefix, string schema, string table, string topic) =>
        Assert.Equal(topic, TopicName.Of(prefix, schema, table));

    /// <summary>Debezium writes null for what its converters refuse.</summary>
    [Fact]
    public void Row_ValueWithoutEquivalent_IsNullAndNamedOnce()
    {
        var profile = new Debezium36Profile("p", new EventOptions(), "run");
        var relation = RelationModel.Of(
            new RelationShape(1, "public", "item", 'd', [new("id", 23, -1, true), new("at", 1114, -1, false)]),
            profile,
            [new("int4", 23, 0) { BaseName = "int4" }, new("timestamp", 1114, 0) { BaseName = "timestamp" }],
            new TableFacts(["id"], ["id"], new Dictionary<string, CatalogueColumn>())
        );
        var said = new SaidLogger();
        var envelopes = new EnvelopeWriter(profile, "d", TimeProvider.System) { Logger = said };
        using var row = JsonDocument.Parse("""{"id":7,"at":"no time at all"}""");
        var source = new ChangeSource("false", DateTimeOffset.UnixEpoch, new Lsn(7), null, 3);

        foreach (var _ in Enumerable.Range(0, 2))
        {
            var (bytes, slices) = Tuple(row.RootElement);
            using var written = JsonDocument.Parse(
                envelopes.Row(relation, 'c', default, new RowTuple(bytes, slices.Slices), source)
            );
            var after = written.RootElement.GetProperty("payload").GetProperty("after");
            Assert.Equal("""{"id":7,"at":null}""", after.GetRawText());
        }

        Assert.Contains("column 'at' of 'public.item' has no equivalent", Assert.Single(said.Lines));
    }

    private static byte[] Row(
        EnvelopeWriter envelopes,
        char op,
        JsonElement before,
        JsonElement after,
        ChangeSource source
    )
    {
        var (oldBytes, oldSlices) = Tuple(before);
        var (newBytes, newSlices) = Tuple(after);
        return envelopes.Row(
            Relation,
            op,
            new RowTuple(oldBytes, oldSlices.Slices),
            new RowTuple(newBytes, newSlices.Slices),
            source
        );
    }

    private static (byte[] Bytes, TupleSlices Slices) Tuple(JsonElement image)
    {
        var (bytes, slices) = (new List<byte>(), new TupleSlices());
        if (image.ValueKind == JsonValueKind.Null)
            return ([], slices);
        foreach (var column in image.EnumerateObject())
        {
            var text =
                column.Value.ValueKind == JsonValueKind.Null
                    ? []
                    : System.Text.Encoding.UTF8.GetBytes(column.Value.ToString());
            slices.Add(
                new ColumnSlice(
                    column.Value.ValueKind == JsonValueKind.Null ? ColumnKind.Null : ColumnKind.Text,
                    bytes.Count,
                    text.Length
                )
            );
            bytes.AddRange(text);
        }
        return ([.. bytes], slices);
    }

    [GeneratedRegex(",\"ts_ns\":\\d+}$")]
    private static partial Regex LastTime();
}
