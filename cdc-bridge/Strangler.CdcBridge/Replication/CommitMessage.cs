using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Replication;

/// <summary>A transaction ends.</summary>
/// <param name="Commit">Start of its commit record.</param>
/// <param name="End">The byte after its commit record, which is acknowledged.</param>
/// <param name="CommittedAt">The source's clock at its commit.</param>
internal readonly record struct CommitMessage(Lsn Commit, Lsn End, DateTimeOffset CommittedAt)
{
    public const char Kind = 'C';

    public static CommitMessage Read(ReadOnlySpan<byte> frame)
    {
        var reader = new FrameReader(frame);
        reader.Expect(Kind);
        reader.ReadByte(); // flags: none are defined
        var message = new CommitMessage(
            new Lsn(reader.ReadUInt64()),
            new Lsn(reader.ReadUInt64()),
            PostgresClock.FromMicroseconds(reader.ReadInt64())
        );
        reader.ExpectEnd();
        return message;
    }
}
