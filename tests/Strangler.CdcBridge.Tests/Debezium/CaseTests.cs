using System.Globalization;
using System.Text.RegularExpressions;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;
using Xunit.Sdk;

namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>What the connector published for a case, written to a log by the bridge.</summary>
public sealed partial class CaseTests(PostgresFixture postgres)
{
    private static readonly LogRecordKind[] Ours =
    [
        LogRecordKind.Schema,
        LogRecordKind.TableRead,
        LogRecordKind.TableDoubt,
    ];

    public static TheoryData<string> Same =>
        [.. GoldenCase.Names.Where(name => KnownDifferences.Of(name) is null && name != KnownDifferences.Unsteady)];

    public static TheoryData<string> Different =>
        [.. GoldenCase.Names.Where(name => KnownDifferences.Of(name) is not null)];

    [Theory]
    [MemberData(nameof(Same))]
    public async Task RunAsync_Case_IsWrittenByteForByte(string name)
    {
        var differences = await DifferencesAsync(name);

        Assert.True(differences.Count == 0, $"{name}: {string.Join('\n', differences.Take(12))}");
    }

    /// <summary>So that a case which the bridge has learned is taken off the list.</summary>
    [Theory]
    [MemberData(nameof(Different))]
    public async Task RunAsync_CaseOfTheKnownDifferences_Differs(string name)
    {
        IReadOnlyList<string> differences;
        try
        {
            differences = await DifferencesAsync(name);
        }
        catch (Exception exception) when (exception is FaultException or XunitException)
        {
            return; // it is refused
        }

        Assert.NotEmpty(differences);
    }

    private async Task<IReadOnlyList<string>> DifferencesAsync(string name)
    {
        await using var run = await CaseRun.BeginAsync(postgres, name);
        await run.RunAsync(new InMemoryChangeLog(TimeProvider.System), run.Config());
        var keyless = KeylessPartitions(run.Golden);
        var written = (await run.RecordsAsync())
            .Where(record => !Ours.Contains(record.Kind))
            .Select(record => Recorded(run, record, keyless))
            .OrderBy(record => record.Topic, StringComparer.Ordinal)
            .ThenBy(record => record.Partition);
        return RecordingComparer.Compare(run.Golden.Records, [.. RepeatedHeartbeats.Drop(written)]);
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
                topic => new Queue<int>(topic.OrderBy(PlaceOf).Select(record => record.Partition))
            );

    private static long PlaceOf(RecordedRecord record) =>
        LsnPattern().Match(record.Value ?? "") is { Success: true } match
            ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : 0;

    [GeneratedRegex("\"lsn\":(\\d+)")]
    private static partial Regex LsnPattern();

    private static RecordedRecord Recorded(CaseRun run, LogRecord record, Dictionary<string, Queue<int>> keyless)
    {
        var partitions = int.Parse(
            run.Golden.Properties.GetValueOrDefault("topic.creation.default.partitions", "1"),
            CultureInfo.InvariantCulture
        );
        var ofKeyless =
            keyless.GetValueOrDefault(record.Topic) is { Count: > 0 } queue && record.Key is null ? queue.Dequeue() : 0;
        return new RecordedRecord(
            record.Topic,
            record.Partition ?? (record.Key is null ? ofKeyless : Murmur2.FindPartition(record.Key, partitions)),
            [.. record.Headers.Select(header => RecordedHeader.Of(header.Name, header.Value))],
            record.Key is null ? null : System.Text.Encoding.UTF8.GetString(record.Key),
            CaseText.Of(record.Value, run)
        );
    }
}
