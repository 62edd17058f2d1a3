using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.ChangeLog;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>What the connector published for a case, published by the bridge.</summary>
public sealed partial class CaseTests(PostgresFixture postgres)
{
    private static readonly LogRecordKind[] Ours =
    [
        LogRecordKind.Schema,
        LogRecordKind.TableRead,
        LogRecordKind.TableDoubt,
    ];

    public static TheoryData<string> Cases =>
        [
            .. GoldenCase.Names.Where(name =>
                Environment.GetEnvironmentVariable("CASES") is not { } only || only.Split(',').Any(name.Contains)
            ),
        ];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task RunAsync_Case_IsPublishedByteForByte(string name)
    {
        var golden = GoldenCase.Of(name);
        await using var source = await SourceDatabase.CreateAsync(postgres, "select 1");
        await PsqlAsync(source, golden.SchemaSql);
        var viaRoot = golden.Properties.GetValueOrDefault("publish.via.partition.root", "false");
        if (!golden.Properties.ContainsKey("publication.autocreate.mode"))
            await PsqlAsync(
                source,
                $"""
                select 'create publication "{golden.Prefix}" for all tables with (publish_via_partition_root = {viaRoot})'
                where not exists (select from pg_publication where pubname = '{golden.Prefix}') \gexec
                """
            );
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(TimeSpan.FromSeconds(60));
        var log = new InMemoryChangeLog(TimeProvider.System);
        var said = new SaidLogger();
        var (config, faults) = BridgeConfigReader.TryRead(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    source.Properties([
                        ("Kafka:bootstrap.servers", "127.0.0.1:9"),
                        .. Defaults(golden)
                            .Concat(golden.Properties)
                            .Select(property => ($"Source:{property.Key}", (string?)property.Value)),
                    ])
                )
                .Build(),
            pending: []
        );
        Assert.True(config is not null, string.Join('\n', faults));
        var running = Bridge.RunAsync(
            config,
            (_, _) => Task.FromResult<IChangeLog>(log),
            RunningBridge.Timings,
            said,
            TimeProvider.System,
            stop.Token
        );
        await CaughtUpAsync();
        foreach (var step in golden.Steps)
        {
            await PsqlAsync(source, step);
            await CaughtUpAsync();
        }
        while (
            golden.Records.Any(record => record.Topic.StartsWith("__debezium-heartbeat", StringComparison.Ordinal))
            && !(await RecordsAsync()).Any(record => record.Kind == LogRecordKind.Heartbeat)
        )
            await CaughtUpAsync();
        var records = await RecordsAsync();
        await stop.CancelAsync();
        await running;

        var keyless = KeylessPartitions(golden);
        var differences = RecordingComparer.Compare(
            golden.Records,
            [
                .. RepeatedHeartbeats.Drop([
                    .. records
                        .Where(record => !Ours.Contains(record.Kind))
                        .Select(record => Recorded(golden, source, record, keyless))
                        .OrderBy(record => record.Topic, StringComparer.Ordinal)
                        .ThenBy(record => record.Partition),
                ]),
            ]
        );

        Assert.True(differences.Count == 0, $"{name}: {string.Join('\n', differences.Take(12))}");

        async Task<IReadOnlyList<LogRecord>> RecordsAsync() =>
            (
                await log.ReadAsync(
                    golden.Prefix,
                    Position.Start,
                    new LogReadLimit(int.MaxValue, long.MaxValue),
                    CancellationToken.None
                )
            )
                .OrThrow()
                .Records;

        async Task CaughtUpAsync()
        {
            var now = Lsn.Parse(await source.ScalarAsync<string>("select pg_current_wal_insert_lsn()::text"));
            while (true)
            {
                var end = (await log.ExtentAsync(golden.Prefix, CancellationToken.None))?.End;
                if (end?.Commit >= now.JustBefore || running.IsCompletedSuccessfully)
                    return;
                if (running.IsCompleted || stop.IsCancellationRequested)
                {
                    await running;
                    Assert.Fail($"{name} never reached {now}: {end}. {said}");
                }
                await log.WaitAsync(
                    golden.Prefix,
                    end ?? Position.Start,
                    TimeSpan.FromMilliseconds(100),
                    CancellationToken.None
                );
            }
        }
    }

    /// <summary>What every recording had that its own properties don't say.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Defaults(GoldenCase golden) =>
        [
            new("event.format", "debezium-3.6"),
            new("plugin.name", "pgoutput"),
            new("topic.prefix", golden.Prefix),
            new("publication.name", golden.Prefix),
            new("key.converter", "org.apache.kafka.connect.json.JsonConverter"),
            new("value.converter", "org.apache.kafka.connect.json.JsonConverter"),
            new("key.converter.schemas.enable", "false"),
            new("value.converter.schemas.enable", "false"),
        ];

    /// <summary>Runs statements as the recordings did: each in a transaction of its own.</summary>
    private static async Task PsqlAsync(SourceDatabase source, string sql)
    {
        var address = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        using var psql = Process.Start(
            new ProcessStartInfo("psql", ["-qXAt", "-v", "ON_ERROR_STOP=1"])
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                Environment =
                {
                    ["PGHOST"] = address.Host,
                    ["PGPORT"] = $"{address.Port}",
                    ["PGUSER"] = address.Username,
                    ["PGPASSWORD"] = address.Password,
                    ["PGDATABASE"] = address.Database,
                    ["PGCLIENTENCODING"] = "UTF8",
                },
            }
        )!;
        await psql.StandardInput.WriteAsync(sql);
        psql.StandardInput.Close();
        var (said, _) = (await psql.StandardError.ReadToEndAsync(), await psql.StandardOutput.ReadToEndAsync());
        await psql.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(psql.ExitCode == 0, said);
    }

    /// <summary>
    /// Where the recording has the records without a key, in the order of the source: their partition means nothing,
    /// but transactions are numbered in the order in which they are written down.
    /// </summary>
    private static Dictionary<string, Queue<int>> KeylessPartitions(GoldenCase golden) =>
        golden
            .Records.Where(record => record.Key is null)
            .GroupBy(record => record.Topic)
            .ToDictionary(
                topic => topic.Key,
                topic => new Queue<int>(
                    topic
                        .OrderBy(record =>
                            long.Parse(LsnPattern().Match(record.Value ?? "").Groups[1].Value.PadLeft(1, '0'))
                        )
                        .Select(record => record.Partition)
                )
            );

    [GeneratedRegex("\"lsn\":(\\d+)")]
    private static partial Regex LsnPattern();

    private static RecordedRecord Recorded(
        GoldenCase golden,
        SourceDatabase source,
        LogRecord record,
        Dictionary<string, Queue<int>> keyless
    )
    {
        var partitions = int.Parse(golden.Properties.GetValueOrDefault("topic.creation.default.partitions", "1"));
        return new(
            record.Topic,
            record.Partition is { } named ? named
            : record.Key is null
                ? keyless.GetValueOrDefault(record.Topic) is { Count: > 0 } queue
                    ? queue.Dequeue()
                    : 0
                : Murmur2.FindPartition(record.Key, partitions),
            [.. record.Headers.Select(header => RecordedHeader.Of(header.Name, header.Value))],
            record.Key is null ? null : System.Text.Encoding.UTF8.GetString(record.Key),
            record.Value is null
                ? null
                : System
                    .Text.Encoding.UTF8.GetString(record.Value)
                    .Replace($"\"db\":\"{source.Name}\"", $"\"db\":\"{golden.Prefix}\"")
        );
    }
}
