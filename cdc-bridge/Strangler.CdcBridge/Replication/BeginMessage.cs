using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Replication;

/// <summary>A transaction begins.</summary>
/// <param name="Commit">Start of its commit record: its place in commit order.</param>
/// <param name="CommittedAt">The source's clock at its commit.</param>
/// <param name="Xid">Its id in 32 bits.</param>
internal readonly record struct BeginMessage(Lsn Commit, DateTimeOffset CommittedAt, uint Xid)
{
    public const char Kind = 'B';

    public static BeginMessage Read(ReadOnlySpan<byte> frame)
    {
        var reader = new FrameReader(frame);
        reader.Expect(Kind);
        var message = new BeginMessage(
            new Lsn(reader.ReadUInt64()),
            PostgresClock.FromMicroseconds(reader.ReadInt64()),
            reader.ReadUInt32()
        );
        reader.ExpectEnd();
        return message;
    }
}
