using CsCheck;
using Strangler.CdcBridge.Faults;
using Strangler.CdcBridge.Replication;
using Strangler.CdcBridge.Wire;
using Strangler.ChangeLog;
using Xunit;

namespace Strangler.CdcBridge.Tests.Replication;

/// <summary>What is sent of transactions that have not ended comes as if it had been sent at the commit.</summary>
public sealed class StreamedTransactionsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strangler-spill-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Frames_OfAnyHistory_AreThoseOfVersion1()
    {
        var streams = 0;
        Gen.Int[0, 10_000]
            .Array[0, 300]
            .Sample(
                choices =>
                {
                    var history = PgOutputHistory.Of(choices);
                    streams += history.Version2.Count(one => one.Frame[0] == (byte)StreamStartMessage.Kind);
                    using var streamed = new StreamedTransactions(_folder.FullName, 1 << 20);

                    var given = Give(streamed, history.Version2);

                    Assert.Equal(WithoutTables(history.Version1), WithoutTables(given.Select(one => one.Frame)));
                    AssertDescribed(given.Select(one => one.Frame));
                    AssertPlaced(given);
                    Assert.True(streamed.IsEmpty);
                    Assert.Equal(0, streamed.Length);
                },
                iter: 5_000,
                threads: 1
            );
        Assert.NotEqual(0, streams);
    }

    /// <summary>As long as one is held, what the server has sent says nothing of what has been given out.</summary>
    [Fact]
    public void IsEmpty_FromTheFirstFrameToTheLastOneGiven_IsFalse()
    {
        using var streamed = new StreamedTransactions(_folder.FullName, 1_000);
        var sent = OneTransaction();
        var empty = new List<bool>();

        foreach (var (frame, lsn) in sent)
        {
            Assert.True(streamed.Keeps(frame, new Lsn(lsn)));
            empty.Add(streamed.IsEmpty);
        }
        while (streamed.HasNext)
        {
            empty.Add(streamed.IsEmpty);
            streamed.Take(length => new byte[length]);
        }

        Assert.All(empty, Assert.False);
        Assert.True(streamed.IsEmpty);
    }

    [Fact]
    public void Keeps_MoreThanMayBeKept_IsFull()
    {
        using var streamed = new StreamedTransactions(_folder.FullName, 40);

        var full = Assert.Throws<SpillFullException>(() => Give(streamed, OneTransaction()));

        Assert.Equal("transactions that have not ended have more than 40 bytes", full.Message);
    }

    [Fact]
    public void Keeps_NoFileCanBeMade_IsFull()
    {
        using var streamed = new StreamedTransactions(Path.Combine(_folder.FullName, "missing"), 1_000);

        var full = Assert.Throws<SpillFullException>(() => Give(streamed, OneTransaction()));

        Assert.StartsWith("no file in ", full.Message, StringComparison.Ordinal);
    }

    /// <summary>Nothing stays behind a process, however it ends, and nobody else can open a file.</summary>
    [Fact]
    public void Files_WhileTheyAreUsed_HaveNoName()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps the name until the file is closed.");
        using var streamed = new StreamedTransactions(_folder.FullName, 1_000);

        streamed.Keeps(OneTransaction()[0].Frame, default);

        Assert.False(streamed.IsEmpty);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Theory]
    [InlineData("E")] // nothing was started
    [InlineData("c", 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1)]
    [InlineData("A", 0, 0, 0, 1, 0, 0, 0, 1)]
    public void Keeps_EndOfWhatWasNotStarted_IsMalformed(string kind, params int[] rest)
    {
        using var streamed = new StreamedTransactions(_folder.FullName, 1_000);

        Assert.Throws<MalformedFrameException>(() => streamed.Keeps(Frame(kind, rest), default));
    }

    [Theory]
    [InlineData("B")] // a transaction
    [InlineData("S", 0, 0, 0, 9, 1)]
    [InlineData("I", 0, 0)] // no room for the transaction's number
    public void Keeps_WithinAStreamWhatDoesNotBelongThere_IsMalformed(string kind, params int[] rest)
    {
        using var streamed = new StreamedTransactions(_folder.FullName, 1_000);
        streamed.Keeps(OneTransaction()[0].Frame, default);

        Assert.Throws<MalformedFrameException>(() => streamed.Keeps(Frame(kind, rest), default));
    }

    private static byte[] Frame(string kind, int[] rest) => [(byte)kind[0], .. rest.Select(one => (byte)one)];

    /// <summary>Begins, changes a row, is streamed, and commits.</summary>
    private static List<(byte[] Frame, ulong Lsn)> OneTransaction() =>
        PgOutputHistory.Of([0, 0, 1, 0, 10, 0, 8, 0]).Version2;

    private static List<(byte[] Frame, Lsn Lsn)> Give(
        StreamedTransactions streamed,
        IEnumerable<(byte[] Frame, ulong Lsn)> sent
    )
    {
        var given = new List<(byte[], Lsn)>();
        foreach (var (frame, lsn) in sent)
        {
            if (!streamed.Keeps(frame, new Lsn(lsn)))
                given.Add((frame, new Lsn(lsn)));
            while (streamed.HasNext)
            {
                var buffer = Array.Empty<byte>();
                var (length, at) = streamed.Take(room => buffer = new byte[room + 3]); // longer, as a reused one is
                given.Add((buffer[..length], at));
            }
        }
        return given;
    }

    private static IEnumerable<string> WithoutTables(IEnumerable<byte[]> frames) =>
        frames.Where(frame => frame[0] != (byte)RelationMessage.Kind).Select(Convert.ToHexString);

    /// <summary>Each row has the shape in which its table was described last.</summary>
    private static void AssertDescribed(IEnumerable<byte[]> frames)
    {
        var shapes = new Dictionary<string, string>();
        foreach (var frame in frames.Where(frame => frame[0] is (byte)'R' or (byte)'I'))
        {
            var (table, shape) = (Convert.ToHexString(frame, 1, 4), System.Text.Encoding.ASCII.GetString(frame[5..]));
            if (frame[0] == (byte)'R')
                shapes[table] = shape;
            else
                Assert.StartsWith($"{shapes[table]} ", shape, StringComparison.Ordinal);
        }
    }

    /// <summary>Each row has the place that stands in it.</summary>
    private static void AssertPlaced(IEnumerable<(byte[] Frame, Lsn Lsn)> given)
    {
        foreach (var (frame, lsn) in given.Where(one => one.Frame[0] == (byte)'I'))
            Assert.Equal(lsn.Value, System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(frame.AsSpan()[^8..]));
    }
}
