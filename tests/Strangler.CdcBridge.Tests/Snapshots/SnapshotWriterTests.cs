using CsCheck;
using Strangler.CdcBridge.Events;
using Strangler.CdcBridge.Snapshots;
using Strangler.ChangeLog;
using Xunit;

namespace Strangler.CdcBridge.Tests.Snapshots;

public sealed class SnapshotWriterTests
{
    /// <summary>
    /// Parts of several tables in any order among each other: the rows of each stay in order, its reading ends behind
    /// them, and the one row that is called the last of all is the last.
    /// </summary>
    [Fact]
    public void Add_PartsOfSeveralTablesMixed_KeepsEachTableInOrderAndOneLast() =>
        Gen.Select(Gen.Int[0, 6].Array[1, 5], Gen.Int)
            .Sample(
                (rows, seed) =>
                {
                    var queues = rows.Select((count, table) => new Queue<TablePart>(Parts($"t{table}", count)))
                        .ToList();
                    var batch = new AppendBatch();
                    var sink = new RecordSink(batch, 1);
                    sink.Begin(new Lsn(7), 0);
                    var writer = new SnapshotWriter(sink);
                    var random = new Random(seed);
                    while (queues.Exists(queue => queue.Count > 0))
                    {
                        if (queues[random.Next(queues.Count)].TryDequeue(out var part))
                            writer.Add(part);
                    }
                    writer.Complete();

                    var records = batch.TakeChunk(default).Records;

                    foreach (var (count, table) in rows.Select((count, table) => (count, table)))
                        Assert.Equal(
                            [.. Enumerable.Range(0, count).Select(row => $"{row}"), "read"],
                            records.Where(record => record.Topic == $"t{table}").Select(Text)
                        );
                    var data = records.Where(record => record.Kind == LogRecordKind.Data).ToList();
                    Assert.Equal(data.Count > 0 ? [data[^1]] : [], data.Where(record => record.Value![0] == 'L'));
                    Assert.Equal(Enumerable.Range(0, records.Count), records.Select(record => record.Position.Ordinal));
                    Assert.Equal(rows.Sum(), writer.Rows);
                }
            );

    private static string Text(LogRecord record) =>
        record.Kind == LogRecordKind.TableRead ? "read" : System.Text.Encoding.UTF8.GetString(record.Key!);

    private static IEnumerable<TablePart> Parts(string topic, int rows)
    {
        var table = new SnapshotTable(null!, null!, topic, static (_, _, _) => "true");
        for (var row = 0; row < rows - 1; row++)
            yield return new TablePart(table, [Row(topic, row)]);
        yield return new TablePart(table, [])
        {
            Last = rows == 0 ? null : new LastRow(Row(topic, rows - 1), [(byte)'L']),
            Rows = rows,
        };
    }

    private static LogRecord Row(string topic, int row) =>
        new(default, 0, LogRecordKind.Data, topic, System.Text.Encoding.UTF8.GetBytes($"{row}"), [], [(byte)'M']);
}
