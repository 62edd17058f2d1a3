using System.Text.Json;
using Strangler.ChangeLog;
using Xunit;

namespace Strangler.CdcBridge.Tests.Histories;

/// <summary>
/// The rows that a reader of the whole log has in the end, according to the log's contract: changes by key, truncates,
/// and complete readings, which end every row that is not among theirs.
/// </summary>
internal static class LoggedRows
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Waits until the log's rows equal the table's.</summary>
    public static async Task BecomeEqualAsync(RunningBridge bridge, SourceDatabase source, string table = "item")
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        while (true)
        {
            // The order matters: what the source has now is at most what the log has at its end after the mark.
            var expected = await ReadAsync(source, table);
            var actual = Of(await bridge.RecordsAsync(_ => true), table);
            if (expected.SequenceEqual(actual))
                return;
            if (bridge.Completion.IsCompleted)
                await bridge.Completion;
            if (limit.IsCancellationRequested)
                Assert.Fail(
                    $"The log's rows never became those of '{table}': "
                        + $"{string.Join(' ', expected.Except(actual).Take(5))} are missing, "
                        + $"{string.Join(' ', actual.Except(expected).Take(5))} are extra.\n{bridge.Said}"
                );
            await bridge.Log.WaitAsync(
                RunningBridge.Prefix,
                Position.EndOf(int.MaxValue, default),
                TimeSpan.FromMilliseconds(100),
                TestContext.Current.CancellationToken
            );
        }
    }

    public static IReadOnlyList<string> Of(IReadOnlyList<LogRecord> records, string table)
    {
        var rows = new Dictionary<string, (string Row, Position At)>();
        foreach (var record in records.Where(record => record.Topic == $"{RunningBridge.Prefix}.public.{table}"))
        {
            var key = record.Key is null ? "" : System.Text.Encoding.UTF8.GetString(record.Key);
            switch (record.Kind)
            {
                case LogRecordKind.Data:
                    var after = ChangeTests.After(record);
                    if (after.ValueKind == JsonValueKind.Null)
                        rows.Remove(key);
                    else
                        rows[key] = (after.GetRawText(), record.Position);
                    break;
                case LogRecordKind.Truncate:
                    rows.Clear();
                    break;
                case LogRecordKind.TableRead:
                    foreach (
                        var (gone, _) in rows.Where(row =>
                                (row.Value.At.Epoch, row.Value.At.Commit)
                                != (record.Position.Epoch, record.Position.Commit)
                            )
                            .ToList()
                    )
                        rows.Remove(gone);
                    break;
                default:
                    break;
            }
        }
        return [.. rows.Values.Select(row => row.Row).Order(StringComparer.Ordinal)];
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(SourceDatabase source, string table)
    {
        var rows = await source.ScalarAsync<string[]>(
            $"select coalesce(array_agg(format('{{\"id\":%s,\"v\":%s}}', id, v)), array[]::text[]) from {table}"
        );
        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
