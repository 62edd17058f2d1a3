using System.Text.Json;
using Strangler.ChangeLog;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>No value that PostgreSQL stores ends the bridge, whatever the format has for it.</summary>
public sealed class ExtremeValueTests(PostgresFixture postgres)
{
    private static readonly string[] Values =
    [
        "interval '178956970 years 7 mons 2147483647 days 2562047788:00:54.775807'",
        "interval '-178956970 years -8 mons -2147483648 days -2562047788:00:54.775807'",
        "interval '00:00:00.000001'",
        "timestamp '4713-01-01 00:00:00 BC'",
        "timestamp '294276-12-31 23:59:59.999999'",
        "timestamp '-infinity'",
        "timestamptz '4713-01-01 00:00:00+15:59 BC'",
        "timestamptz '294276-12-31 23:59:59.999999'",
        "timestamptz 'infinity'",
        "date '4713-01-01 BC'",
        "date '5874897-12-31'",
        "date '-infinity'",
        "time '24:00:00'",
        "timetz '24:00:00-15:59:59'",
        "numeric 'NaN'",
        "('1' || repeat('0', 131071))::numeric",
        "('0.' || repeat('0', 16382) || '1')::numeric",
        "numeric(1000, 500) '-0.5'",
        "money '-92233720368547758.08'",
        "float8 'NaN'",
        "float8 '-Infinity'",
        "float8 '5e-324'",
        "float4 '3.4028235e38'",
        "int8 '-9223372036854775808'",
        "oid '4294967295'",
        "point '(NaN,Infinity)'",
        "point '(1e308,-5e-324)'",
        "box '((1,2),(-Infinity,NaN))'",
        "polygon '((0,0))'",
        "bit(1) '1'",
        "repeat('10', 5000)::varbit",
        "varbit ''",
        "bytea ''",
        "text ''",
        "'x'::\"char\"",
        "repeat(' ', 70000)::bpchar",
        "xml '<a/>'",
        "json '{\"a\": 1e400}'",
        "jsonb '[null, \"\\\\u00e9\"]'",
        "inet '::ffff:1.2.3.4/128'",
        "macaddr8 'ff:ff:ff:ff:ff:ff:ff:ff'",
        "uuid 'ffffffff-ffff-ffff-ffff-ffffffffffff'",
        "int8range '(,)'",
        "daterange '[-infinity,infinity]'",
        "tsvector ''",
        "pg_lsn 'FFFFFFFF/FFFFFFFF'",
    ];

    [Theory]
    [InlineData("adaptive", "precise", "numeric", "bytes")]
    [InlineData("adaptive_time_microseconds", "double", "string", "hex")]
    [InlineData("connect", "string", "numeric", "base64")]
    [InlineData("isostring", "precise", "string", "base64-url-safe")]
    [InlineData("microseconds", "double", "numeric", "bytes")]
    [InlineData("nanoseconds", "precise", "string", "bytes")]
    public async Task RunAsync_ExtremesOfEachType_AreEvents(
        string times,
        string decimals,
        string intervals,
        string bytes
    )
    {
        var columns = Values
            .Index()
            .SelectMany(value => (string[])[$"{value.Item} v{value.Index}", $"array[{value.Item}] a{value.Index}"])
            .ToList();
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            $"""
            create table item as select 1 as id, {string.Join(", ", columns)};
            alter table item add primary key (id);
            """
        );
        await using var bridge = RunningBridge.StartAsConnector(
            source,
            ("time.precision.mode", times),
            ("decimal.handling.mode", decimals),
            ("interval.handling.mode", intervals),
            ("binary.handling.mode", bytes),
            ("include.unknown.datatypes", "true")
        );
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync("update item set id = 2");
        var records = await bridge.RecordsAsync(static records =>
            records.Count(record => record.Kind == LogRecordKind.Data) == 3
        );

        foreach (var record in records.Where(record => record.Kind == LogRecordKind.Data))
            JsonDocument.Parse(record.Value!.AsMemory()).Dispose();
        Assert.DoesNotContain(bridge.Said.Lines, line => line.Contains("no equivalent", StringComparison.Ordinal));
    }
}
