using System.Buffers.Binary;
using Strangler.CdcBridge.Wire;
using Xunit;

namespace Strangler.CdcBridge.Tests.Wire;

/// <summary>
/// What a frame begins decides when the log's end has been passed, before anything after it is appended.
/// </summary>
public sealed class FrameKindTests
{
    [Fact]
    public void StandsAt_TransactionOrMessageOutsideOne_IsItsPlaceInTheLog()
    {
        Assert.Equal(0x2_0000_0001ul, FrameKind.StandsAt(Frame('B', 0x2_0000_0001, new byte[12]))?.Value);
        Assert.Equal(0x2_0000_0002ul, FrameKind.StandsAt(Message(isTransactional: false, 0x2_0000_0002))?.Value);
    }

    [Fact]
    public void StandsAt_AnythingInsideATransaction_IsNull()
    {
        Assert.Null(FrameKind.StandsAt(Message(isTransactional: true, 7)));
        Assert.Null(FrameKind.StandsAt(Frame('O', 7, "origin\0"u8)));
        Assert.Null(FrameKind.StandsAt([(byte)'C', 0]));
        Assert.Null(FrameKind.StandsAt([]));
    }

    private static byte[] Message(bool isTransactional, ulong lsn)
    {
        var frame = Frame('M', lsn, "prefix\0\0\0\0\u0001x"u8);
        return [frame[0], (byte)(isTransactional ? 1 : 0), .. frame[1..]];
    }

    private static byte[] Frame(char kind, ulong lsn, ReadOnlySpan<byte> rest)
    {
        var place = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(place, lsn);
        return [(byte)kind, .. place, .. rest];
    }
}
