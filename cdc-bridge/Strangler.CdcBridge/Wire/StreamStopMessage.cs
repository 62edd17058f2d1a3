namespace Strangler.CdcBridge.Wire;

/// <summary>The frames that <see cref="StreamStartMessage"/> announced end here.</summary>
internal static class StreamStopMessage
{
    public const char Kind = 'E';

    public static void Read(ReadOnlySpan<byte> frame)
    {
        var reader = new FrameReader(frame);
        reader.Expect(Kind);
        reader.ExpectEnd();
    }
}
