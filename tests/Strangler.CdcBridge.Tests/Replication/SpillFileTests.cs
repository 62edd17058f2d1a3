using Strangler.CdcBridge.Replication;
using Xunit;

namespace Strangler.CdcBridge.Tests.Replication;

public sealed class SpillFileTests
{
    /// <summary>
    /// What its buffer has left would be written once more, and that failure would hide the one that is handled.
    /// </summary>
    [Fact]
    public void Dispose_OnAFullDisk_ThrowsNothing()
    {
        var file = new SpillFile(new BufferedStream(new FullDisk()));

        Assert.Throws<IOException>(() => file.Add(1, (byte)'I', new byte[1 << 20]));
        file.Dispose();
    }

    private sealed class FullDisk : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device");
    }
}
