namespace Strangler.CdcBridge.Wire;

/// <summary>A type that is not built in, named before the relation that uses it.</summary>
internal readonly record struct TypeMessage(uint Oid, string Schema, string Name)
{
    public const char Kind = 'Y';

    public static TypeMessage Read(ReadOnlySpan<byte> frame)
    {
        var reader = new FrameReader(frame);
        reader.Expect(Kind);
        var message = new TypeMessage(
            reader.ReadUInt32(),
            System.Text.Encoding.UTF8.GetString(reader.ReadName()),
            System.Text.Encoding.UTF8.GetString(reader.ReadName())
        );
        reader.ExpectEnd();
        return message;
    }
}
