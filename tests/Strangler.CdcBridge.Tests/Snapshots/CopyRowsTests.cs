using System.Buffers.Binary;
using CsCheck;
using Strangler.CdcBridge.Snapshots;
using Strangler.CdcBridge.Wire;
using Xunit;

namespace Strangler.CdcBridge.Tests.Snapshots;

public sealed class CopyRowsTests
{
    /// <summary>
    /// However the bytes arrive and however large the rows are: whether another row follows is known while the last one
    /// is still there.
    /// </summary>
    [Fact]
    public void ReadAsync_AnyRowsInAnyPieces_AreThemselvesUntilTheNextIsRead() =>
        Gen.Select(
                Gen.Frequency((20, Gen.Int[0, 400]), (1, Gen.Int[100_000, 700_000])).Array[0, 30],
                Gen.Int[1, 90_000]
            )
            .Sample(
                (sizes, piece) =>
                {
                    var rows = sizes.Select((size, i) => Enumerable.Repeat((byte)('a' + (i % 26)), size).ToArray());
                    using var read = new CopyRows(new PieceStream(Copy([.. rows]), piece));
                    var slices = new TupleSlices();
                    var seen = new List<byte[]>();
                    while (read.ReadAsync(slices, CancellationToken.None).AsTask().GetAwaiter().GetResult())
                    {
                        var more = read.HasMoreAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
                        seen.Add(read.Row(slices).Value(0).ToArray());
                        Assert.Equal(seen.Count < sizes.Length, more);
                    }
                    Assert.Equal(rows, seen);
                },
                iter: 200
            );

    private static byte[] Copy(IReadOnlyList<byte[]> rows)
    {
        var bytes = new List<byte>(new byte[19]);
        foreach (var row in rows)
        {
            bytes.AddRange([0, 1]);
            var size = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(size, row.Length);
            bytes.AddRange(size);
            bytes.AddRange(row);
        }
        bytes.AddRange([0xFF, 0xFF]);
        return [.. bytes];
    }

    private sealed class PieceStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, piece)], cancellationToken);
    }
}
