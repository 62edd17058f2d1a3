using System.Threading.Channels;
using Npgsql;
using Strangler.CdcBridge.Faults;
using Strangler.CdcBridge.Replication;
using Strangler.CdcBridge.Wire;
using Xunit;

namespace Strangler.CdcBridge.Tests.Replication;

/// <summary>The same for what a server really sends.</summary>
public sealed class StreamedTransactionsServerTests(SmallServer server) : IClassFixture<SmallServer>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task MoveNextAsync_TransactionsLargerThanTheServersMemory_GivesWhatVersion1Gives() => RunAsync(1, 4);

    [Fact]
    [Trait("Category", "Long")]
    public Task MoveNextAsync_ManyTransactionsLargerThanTheServersMemory_GivesWhatVersion1Gives() => RunAsync(100, 200);

    private async Task RunAsync(int from, int count)
    {
        var (spilled, failed) = (0L, 0);
        for (var seed = from; seed < from + count; seed++)
        {
            var (expected, given) = await ReadBothAsync(seed);

            var frames = given.HasFailed ? expected.Frames[..given.Frames.Count] : expected.Frames;
            var same = frames.Zip(given.Frames).TakeWhile(both => both.First == both.Second).Count();
            Assert.Equal((seed, frames.ElementAtOrDefault(same)), (seed, given.Frames.ElementAtOrDefault(same)));
            Assert.Equal(0, expected.Spilled);
            spilled += given.Spilled;
            failed += given.HasFailed ? 1 : 0;
        }
        Assert.NotEqual(0, spilled);
        Assert.InRange(failed, 0, count / 4);
    }

    private async Task<(Sent Version1, Sent Version2)> ReadBothAsync(int seed)
    {
        await using var source = await SourceDatabase.OpenAsync(
            await server.CreateDatabaseAsync($"streamed_{seed}"),
            $"create type mood as enum ('good', 'bad'); {SavepointHistory.Tables}; create publication p for all tables"
        );
        var (whole, streaming) = ($"{source.Slot}_1", $"{source.Slot}_2");
        foreach (var slot in new[] { whole, streaming })
            await source.ScalarAsync<object>($"select pg_create_logical_replication_slot('{slot}', 'pgoutput')");
        var folder = Directory.CreateTempSubdirectory("strangler-spill-");
        var marks = Channel.CreateUnbounded<string>();
        using var streamed = new StreamedTransactions(folder.FullName, long.MaxValue);

        var reading = ReadAsync(source, streaming, streamed, marks.Writer);
        await using (var history = new SavepointHistory(source, seed, MarkAsync))
            await history.WriteAsync(Cancel);
        await MarkAsync(SavepointHistory.End);
        var given = await reading.WaitAsync(Limit, Cancel);
        var expected = await ReadAsync(source, whole, null, null);

        folder.Delete();
        foreach (var slot in new[] { whole, streaming })
            await DropAsync(source, slot);
        return (expected, given);

        // Waits until the server has sent what was written before, as far as it sends it before a commit.
        async Task MarkAsync(string mark)
        {
            await source.ExecuteAsync($"select pg_logical_emit_message(true, 'mark', '{mark}')");
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            limit.CancelAfter(Limit);
            while (await marks.Reader.WaitToReadAsync(limit.Token))
            {
                if (await marks.Reader.ReadAsync(limit.Token) == mark)
                    return;
            }
        }
    }

    /// <summary>The server has room for two, and lets go of one a moment after its stream has ended.</summary>
    private static async Task DropAsync(SourceDatabase source, string slot)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (await source.ScalarAsync<bool>($"select active from pg_replication_slots where slot_name = '{slot}'"))
            limit.Token.ThrowIfCancellationRequested();
        await source.ScalarAsync<object>($"select pg_drop_replication_slot('{slot}')");
    }

    /// <summary>All frames until the last transaction.</summary>
    private static async Task<Sent> ReadAsync(
        SourceDatabase source,
        string slot,
        StreamedTransactions? streamed,
        ChannelWriter<string>? marks
    )
    {
        var connection = new NpgsqlConnectionStringBuilder(source.ConnectionString)
        {
            Options = "-c logical_decoding_work_mem=64kB",
        };
        await using var stream = await ReplicationStream.OpenAsync(
            source.Data,
            connection.ConnectionString,
            slot,
            "p",
            streamed,
            Cancel
        );
        var sent = new Sent();
        try
        {
            while (await stream.MoveNextAsync())
            {
                if (sent.Add(stream) is not { } mark)
                    continue;
                marks?.TryWrite(mark);
                if (mark == SavepointHistory.End)
                    break;
            }
        }
        catch (EarlySendFailedException)
        {
            sent.HasFailed = true;
        }
        finally
        {
            marks?.Complete(); // nobody waits for more
        }
        return sent;
    }

    private sealed class Sent
    {
        private readonly Dictionary<uint, string> _shapes = [];
        private bool _isEmpty;

        /// <summary>Those of transactions and their changes, each with the shape that its table has then.</summary>
        public List<string> Frames { get; } = [];

        /// <summary>The most that was in files.</summary>
        public long Spilled { get; private set; }

        /// <summary>Whether the server failed; what came before is right.</summary>
        public bool HasFailed { get; set; }

        /// <returns>The mark that the frame is; null if it isn't one.</returns>
        public string? Add(ReplicationStream stream)
        {
            Spilled = Math.Max(Spilled, stream.Spilled);
            var frame = stream.Frame;
            var text = Convert.ToHexString(frame);
            if (FrameKind.Describes(frame) is { } shape)
                _shapes[shape.Oid] = text;
            // Nothing is left of such a transaction: it comes only if some of it came before its end.
            else if ((char)frame[0] == CommitMessage.Kind && _isEmpty)
                Frames.RemoveAt(Frames.Count - 1);
            else if ((char)frame[0] is BeginMessage.Kind or CommitMessage.Kind) // it has no change's place
                Frames.Add(text);
            else if ((char)frame[0] is InsertMessage.Kind or UpdateMessage.Kind or DeleteMessage.Kind)
                Frames.Add($"{stream.FrameLsn} {text} {_shapes[Table(frame)]}");
            else if ((char)frame[0] is not TypeMessage.Kind) // types come with each description
                Frames.Add($"{stream.FrameLsn} {text}");
            _isEmpty =
                (char)frame[0] == BeginMessage.Kind
                || (_isEmpty && (char)frame[0] is RelationMessage.Kind or TypeMessage.Kind);
            if ((char)frame[0] != LogicalMessage.Kind)
                return null;
            var message = LogicalMessage.Read(frame);
            return message.Prefix.SequenceEqual("mark"u8) ? System.Text.Encoding.UTF8.GetString(message.Content) : null;
        }

        private static uint Table(ReadOnlySpan<byte> frame) =>
            System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(frame[1..]);
    }
}
