using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Replication;

/// <summary>What <c>pg_logical_emit_message</c> wrote.</summary>
internal readonly ref struct LogicalMessage
{
    public const char Kind = 'M';

    /// <summary>Whether it belongs to the open transaction.</summary>
    public bool Transactional { get; private init; }

    public Lsn At { get; private init; }

    public ReadOnlySpan<byte> Prefix { get; private init; }

    public ReadOnlySpan<byte> Content { get; private init; }

    public static LogicalMessage Read(ReadOnlySpan<byte> frame)
    {
        var reader = new FrameReader(frame);
        reader.Expect(Kind);
        var message = new LogicalMessage
        {
            Transactional = (reader.ReadByte() & 1) != 0,
            At = new Lsn(reader.ReadUInt64()),
            Prefix = reader.ReadName(),
            Content = reader.Take(reader.ReadInt32()),
        };
        reader.ExpectEnd();
        return message;
    }
}
