using System.Buffers.Binary;
using System.Runtime.InteropServices;
using CsCheck;
using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka.Control;
using Xunit;

namespace Strangler.ChangeLog.Tests.Kafka;

/// <summary>The bytes of control records: whatever is written is read back, and nothing else is.</summary>
public sealed class ControlFormatTests
{
    private static readonly Gen<Position> Positions = Gen.Select(
        Gen.Int,
        Gen.ULong,
        Gen.Int,
        (epoch, commit, ordinal) => new Position(epoch, new Lsn(commit), ordinal)
    );

    private static readonly Gen<DateTimeOffset> Times = Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks]
        .Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    private static readonly Gen<ControlSegment> Segments = Gen.Select(
        Gen.Select(Gen.Long, Gen.Int, Gen.Bool, Positions),
        Gen.Select(Gen.Nullable(Times), Times, Gen.Nullable(Times)),
        Gen.Select(Gen.Long, Gen.Long, Gen.Long),
        Gen.Nullable(Times),
        Gen.Nullable(Gen.ULong),
        (place, times, sums, oldest, xid) =>
            new ControlSegment(
                new SegmentRow(
                    place.Item1,
                    place.Item2,
                    place.Item3,
                    place.Item4,
                    times.Item1,
                    times.Item2,
                    times.Item3,
                    sums.Item1,
                    sums.Item2
                ),
                sums.Item3,
                oldest,
                xid
            )
    );

    private static readonly Gen<SourceRow> Sources = Gen.Select(
        Gen.Select(Gen.Long, Gen.Nullable(Positions), Gen.Nullable(Times), Gen.Nullable(Times)),
        Gen.Select(Positions, Gen.Nullable(Times), Gen.Bool, Gen.Long),
        Gen.Byte.Array[0, 40].Null(),
        Gen.Nullable(Gen.ULong),
        (end, begin, offset, seen) =>
            new SourceRow(
                0,
                end.Item1,
                end.Item2,
                end.Item3,
                end.Item4,
                begin.Item1,
                begin.Item2,
                begin.Item3,
                begin.Item4,
                offset,
                seen is { } lsn ? new Lsn(lsn) : null
            )
    );

    private static readonly Gen<ControlState> States = Gen.Select(
        Sources,
        Segments.Null(),
        Gen.Nullable(Positions),
        Gen.Nullable(Gen.Select(Gen.Long, Gen.Long, Gen.Long, (from, n, b) => new UnfinishedRecords(from, n, b))),
        Gen.Select(Gen.Int, Gen.String.Null(), Gen.Nullable(Positions), Gen.Nullable(Gen.Long), Gen.Guid),
        (source, segment, last, unfinished, rest) =>
            new ControlState(source)
            {
                Segment = segment,
                Last = last,
                Unfinished = unfinished,
                TrustedEpoch = rest.Item1,
                VerifiedServer = rest.Item2 is { } server ? Plain(server) : null,
                Snapshot = rest.Item3,
                SegmentsAt = rest.Item4,
                Log = rest.Item5,
            }
    );

    /// <summary>Records in order, some of them in one of three partitions whose offsets have gaps.</summary>
    private static readonly Gen<(LogRecord Record, MessagePlace? At)[]> Placed = Gen.Select(
            Gen.Int[0, 3],
            Gen.Int[0, 3],
            Gen.Int[0, 9],
            Gen.Int[0, 2],
            Gen.Byte.Array[0, 20].Null()
        )
        .Array[0, 60]
        .Select(steps =>
        {
            var (commit, ordinal, offsets) = (8UL, -1, new long[3]);
            return steps
                .Select(step =>
                {
                    (commit, ordinal) = step.Item1 == 0 ? (commit + 8, 0) : (commit, ordinal + step.Item1);
                    var record = new LogRecord(
                        new Position(3, new Lsn(commit), ordinal),
                        commit / 3,
                        (LogRecordKind)step.Item3,
                        $"topic {step.Item4}",
                        step.Item5,
                        step.Item2 == 1 ? [new LogHeader("ä", "\0")] : [],
                        step.Item2 == 3 ? null : [1, 2]
                    );
                    var at = (long)step.Item2;
                    return (
                        record,
                        step.Item3 > 6
                            ? (MessagePlace?)null
                            : new MessagePlace(record.Topic, 7, (offsets[step.Item4] += 1 + at) - 1)
                    );
                })
                .ToArray();
        });

    private static readonly Gen<LogTransaction> Transactions = Gen.Select(
        Gen.ULong,
        Gen.ULong,
        Times,
        Gen.Int[0, int.MaxValue],
        Gen.Select(Gen.Nullable(Gen.Select(Gen.Byte, Gen.ULong)), Gen.Nullable(Gen.ULong)),
        (commit, xid, at, records, rest) =>
            new LogTransaction(
                new Lsn(commit),
                xid,
                at,
                records,
                rest.Item1 is { } one ? new TransactionDigest(one.Item1, one.Item2) : null
            )
            {
                Previous = rest.Item2 is { } previous ? new Lsn(previous) : null,
            }
    );

    private static readonly Gen<ControlRecord> Records = Gen.Select(
        Gen.Select(Gen.Int[1, 6], Gen.Long[0, long.MaxValue], Gen.Long),
        States,
        Placed,
        Transactions.Array[0, 5],
        Segments.Array[0, 4].Null(),
        (head, state, placed, transactions, segments) =>
            new ControlRecord((ControlKind)head.Item1, head.Item2, state)
            {
                Source = head.Item1 == 1 ? "shop" : null,
                From = head.Item3,
                Block = Block(placed),
                Transactions = transactions,
                Segments = segments,
            }
    );

    [Fact]
    public void FromBytes_AnyRecord_IsTheSame() =>
        Records.Sample(record =>
        {
            var bytes = ControlFormat.ToBytes(record);

            var read = ControlFormat.FromBytes(bytes)!;

            Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(ControlFormat.ToBytes(read)));
            Assert.Equal((record.Kind, record.Offset, record.From), (read.Kind, read.Offset, read.From));
            Assert.Equal(record.Transactions, read.Transactions);
            Assert.Equal(record.Segments, read.Segments);
            Assert.Equal(record.State.Segment, read.State.Segment);
            Assert.Equal(record.State.Log, read.State.Log);
            Assert.Equal(record.State.Source.Offset, read.State.Source.Offset);
        });

    [Fact]
    public void Entries_AnyRecords_AreTheirPositionsAndPlaces() =>
        Placed.Sample(placed =>
        {
            var block = Block(placed);
            var record = new ControlRecord(ControlKind.Cut, 1, ControlState.Nothing) { Block = block };
            var read = ControlFormat.FromBytes(ControlFormat.ToBytes(record))!.Block;
            var offsets = read.Places.Select(Offsets).ToList();

            Assert.Equal(
                placed.Select(one => (one.Record.Position, one.Record.Xid, one.Record.Kind, one.At)),
                read.Entries().Select(entry => (entry.Position, entry.Xid, entry.Kind, At(entry.Place)))
            );

            MessagePlace? At(int place) => place == RecordRun.Inline ? null : offsets[place].Dequeue();
        });

    [Fact]
    public void FromBytes_AnyByteIsAnother_IsRefused() =>
        Gen.Select(Records, Gen.Int[0, int.MaxValue], Gen.Int[1, 255])
            .Sample(
                (record, at, change) =>
                {
                    var bytes = ControlFormat.ToBytes(record);
                    bytes[at % bytes.Length] ^= (byte)change;

                    try
                    {
                        Assert.Null(ControlFormat.FromBytes(bytes));
                    }
                    catch (FormatException exception)
                    {
                        Assert.StartsWith(
                            "A control record is malformed: ",
                            exception.Message,
                            StringComparison.Ordinal
                        );
                    }
                }
            );

    [Fact]
    public void FromBytes_CutShort_IsRefusedOrSomebodyElses() =>
        Gen.Select(Records, Gen.Int[0, int.MaxValue])
            .Sample(
                (record, at) =>
                {
                    var bytes = ControlFormat.ToBytes(record);
                    var part = bytes[..(at % bytes.Length)];

                    if (part.Length < 10)
                        Assert.Null(ControlFormat.FromBytes(part));
                    else
                        Assert.Throws<FormatException>(() => ControlFormat.FromBytes(part));
                }
            );

    [Fact]
    public void FromBytes_ALaterVersion_SaysSo()
    {
        var bytes = ControlFormat.ToBytes(new ControlRecord(ControlKind.Opened, 0, ControlState.Nothing));
        bytes[10] = 4;

        var exception = Assert.Throws<FormatException>(() => ControlFormat.FromBytes(bytes));

        Assert.Contains("of version 4", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>The first version had no identity, which is now after mark, version, kind, offset and source.</summary>
    [Fact]
    public void FromBytes_TheFirstVersion_IsReadAsALogWithoutIdentity() =>
        Records
            .Where(record => record.Source is null)
            .Select(record => record with { Transactions = [] })
            .Sample(record =>
            {
                var bytes = ControlFormat.ToBytes(record).ToList();
                var number = 12;
                while (bytes[number] >= 0x80)
                    number++;
                bytes.RemoveRange(number + 2, 16);
                var read = ControlFormat.FromBytes(OfVersion(1, bytes))!;

                Assert.Equal(Guid.Empty, read.State.Log);
                Assert.Equal(
                    Convert.ToHexString(
                        ControlFormat.ToBytes(record with { State = record.State with { Log = default } })
                    ),
                    Convert.ToHexString(ControlFormat.ToBytes(read))
                );
            });

    /// <summary>
    /// In the second version, transactions didn't name the one before, which is the last that each of them says.
    /// </summary>
    [Fact]
    public void FromBytes_TheSecondVersion_IsReadAsTransactionsThatNameNone() =>
        Gen.Select(Records, Transactions)
            .Sample(
                (record, transaction) =>
                {
                    record = record with { Transactions = [transaction with { Previous = null }], Segments = null };
                    var bytes = ControlFormat.ToBytes(record).ToList();
                    bytes.RemoveAt(bytes.Count - 6); // before the flag of the segments and the checksum

                    var read = ControlFormat.FromBytes(OfVersion(2, bytes))!;

                    Assert.Equal(record.Transactions, read.Transactions);
                    Assert.Equal(
                        Convert.ToHexString(ControlFormat.ToBytes(record)),
                        Convert.ToHexString(ControlFormat.ToBytes(read))
                    );
                }
            );

    private static byte[] OfVersion(byte version, List<byte> bytes)
    {
        bytes[10] = version;
        BinaryPrimitives.WriteUInt32LittleEndian(
            CollectionsMarshal.AsSpan(bytes)[^4..],
            MessageChecksum.Of(CollectionsMarshal.AsSpan(bytes)[..^4])
        );
        return [.. bytes];
    }

    private static ControlBlock Block((LogRecord Record, MessagePlace? At)[] placed)
    {
        var builder = new ControlBlockBuilder();
        foreach (var (record, at) in placed)
            builder.Add(record, at);
        return builder.Build();
    }

    private static Queue<MessagePlace> Offsets(DataPlace place) =>
        new(
            from range in place.Ranges
            from index in Enumerable.Range(0, range.Count)
            select new MessagePlace(place.Topic, place.Partition, range.First + index)
        );

    /// <summary>Text that UTF-8 can tell: half a surrogate pair isn't.</summary>
    private static string Plain(string text) => string.Concat(text.Where(one => !char.IsSurrogate(one)));
}
