namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>
/// The bytes of a control record: a mark and a version, the fields, and a checksum. Anyone may write into a topic, so
/// what doesn't begin with the mark is somebody else's and is passed over; what does, but can't be read, stops the
/// reader.
/// </summary>
internal static class ControlFormat
{
    /// <summary>
    /// The first version had no identity of the log; before the third, transactions didn't name the one before.
    /// </summary>
    private const byte Version = 3;
    private const int ChecksumSize = sizeof(uint);

    private static ReadOnlySpan<byte> Mark => "\u0000strangler"u8;

    public static byte[] ToBytes(ControlRecord record)
    {
        var to = new FieldWriter();
        foreach (var one in Mark)
            to.Byte(one);
        to.Byte(Version);
        to.Byte((byte)record.Kind);
        to.Number(record.Offset);
        to.Optional(record.Source);
        to.Id(record.State.Log);
        StateFormat.Write(to, record.State);
        to.Number(record.From);
        BlockFormat.Write(to, record.Block);
        to.Count(record.Transactions.Count);
        foreach (var transaction in record.Transactions)
            Write(to, transaction);
        to.Flag(record.Segments is not null);
        if (record.Segments is { } segments)
        {
            to.Count(segments.Count);
            foreach (var segment in segments)
                StateFormat.Write(to, segment);
        }
        to.Fixed(MessageChecksum.Of(to.Written));
        return to.Written.ToArray();
    }

    /// <summary>The record; null if the bytes are somebody else's.</summary>
    /// <exception cref="FormatException">
    /// They are a control record that can't be read; the message says why.
    /// </exception>
    public static ControlRecord? FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith(Mark))
            return null;
        if (bytes.Length <= Mark.Length + ChecksumSize)
            throw FieldReader.Malformed("it ends too early");
        var version = bytes[Mark.Length];
        if (version is 0 or > Version)
            throw FieldReader.Malformed($"it is of version {version}, and this program knows versions to {Version}");
        var from = new FieldReader(bytes[^ChecksumSize..]);
        if (from.Fixed() != MessageChecksum.Of(bytes[..^ChecksumSize]))
            throw FieldReader.Malformed("its checksum is another");
        from = new FieldReader(bytes[(Mark.Length + 1)..^ChecksumSize]);
        var record = Read(ref from, version);
        return from.IsAtEnd ? record : throw FieldReader.Malformed("it goes on after its end");
    }

    private static ControlRecord Read(ref FieldReader from, byte version)
    {
        var kind = (ControlKind)from.Byte();
        if (!Enum.IsDefined(kind))
            throw FieldReader.Malformed($"it is of the unknown kind {kind:D}");
        var (offset, source) = (from.Signed(), from.OptionalText());
        var log = version == 1 ? Guid.Empty : from.Id();
        return new ControlRecord(kind, offset, StateFormat.Read(ref from) with { Log = log })
        {
            Source = source,
            From = from.Signed(),
            Block = BlockFormat.Read(ref from),
            Transactions = ReadTransactions(ref from, version),
            Segments = from.Flag() ? ReadSegments(ref from) : null,
        };
    }

    private static void Write(FieldWriter to, LogTransaction transaction)
    {
        to.Number(transaction.Commit.Value);
        to.Number(transaction.Xid);
        to.Time(transaction.CommittedAt);
        to.Count(transaction.Records);
        to.Optional(transaction.Digest?.ToBytes());
        to.Optional(transaction.Previous?.Value, to.Number);
    }

    private static LogTransaction[] ReadTransactions(ref FieldReader from, byte version)
    {
        var transactions = new LogTransaction[from.Count()];
        foreach (ref var one in transactions.AsSpan())
            one = new LogTransaction(
                new Lsn(from.Number()),
                from.Number(),
                from.Time(),
                (int)Math.Min(from.Number(), int.MaxValue),
                from.OptionalBytes() is { } digest ? TransactionDigest.FromBytes(digest) : null
            )
            {
                Previous = version >= 3 && from.OptionalNumber() is { } previous ? new Lsn(previous) : null,
            };
        return transactions;
    }

    private static ControlSegment[] ReadSegments(ref FieldReader from)
    {
        var segments = new ControlSegment[from.Count()];
        foreach (ref var segment in segments.AsSpan())
            segment = StateFormat.ReadSegment(ref from);
        return segments;
    }
}
