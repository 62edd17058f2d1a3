using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Replication;

/// <summary>The transaction came from another server: its commit there, and the origin's name here.</summary>
internal readonly record struct OriginMessage(Lsn Commit, string Name)
{
    public const char Kind = 'O';

    public static OriginMessage Read(ReadOnlySpan<byte> frame)
    {
        var reader = new FrameReader(frame);
        reader.Expect(Kind);
        var message = new OriginMessage(
            new Lsn(reader.ReadUInt64()),
            System.Text.Encoding.UTF8.GetString(reader.ReadName())
        );
        reader.ExpectEnd();
        return message;
    }
}
