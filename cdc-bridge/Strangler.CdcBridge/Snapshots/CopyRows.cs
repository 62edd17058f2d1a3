using System.Buffers;
using System.Buffers.Binary;
using Strangler.CdcBridge.Wire;

namespace Strangler.CdcBridge.Snapshots;

/// <summary>
/// Reads the rows of <c>COPY … TO STDOUT (FORMAT binary)</c> whose columns are all text, so that a field's bytes are
/// PostgreSQL's text output, as in the stream (manual: COPY, binary format). It uses one buffer, which grows to the
/// largest row.
/// </summary>
internal sealed class CopyRows(Stream copy) : IDisposable
{
    private const int HeaderLength = 19; // signature 11, flags 4, length of the header's extension 4

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(256 << 10);
    private int _start,
        _end,
        _rowStart;
    private bool _begun;

    /// <summary>The last row read.</summary>
    public RowTuple Row(TupleSlices slices) => new(_buffer.AsSpan(_rowStart), slices.Slices);

    /// <summary>Reads the next row into <paramref name="slices"/>; false at the end.</summary>
    public async ValueTask<bool> ReadAsync(TupleSlices slices, CancellationToken cancellationToken)
    {
        if (!_begun)
        {
            await FillAsync(HeaderLength, cancellationToken);
            _start += HeaderLength + BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start + 15));
            _begun = true;
        }
        _rowStart = _start;
        await FillAsync(2, cancellationToken);
        var count = BinaryPrimitives.ReadInt16BigEndian(_buffer.AsSpan(_start));
        if (count < 0)
            return false;
        slices.Begin();
        var length = 2;
        for (var i = 0; i < count; i++)
        {
            await FillAsync(length + 4, cancellationToken);
            var size = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start + length));
            length += 4;
            if (size < 0)
            {
                slices.Add(new ColumnSlice(ColumnKind.Null, 0, 0));
                continue;
            }
            await FillAsync(length + size, cancellationToken);
            slices.Add(new ColumnSlice(ColumnKind.Text, length, size));
            length += size;
        }
        _start += length;
        return true;
    }

    /// <summary>Whether another row follows the last one read, which stays as it is.</summary>
    public async ValueTask<bool> HasMoreAsync(CancellationToken cancellationToken)
    {
        await FillAsync(2, cancellationToken);
        return BinaryPrimitives.ReadInt16BigEndian(_buffer.AsSpan(_start)) >= 0;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    /// <summary>
    /// Ensures at least <paramref name="needed"/> bytes at the start, and keeps those of the last row.
    /// </summary>
    private async ValueTask FillAsync(int needed, CancellationToken cancellationToken)
    {
        while (_end - _start < needed)
        {
            var length = _start - _rowStart + needed;
            if (_buffer.Length < length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, _buffer.Length * 2));
                _buffer.AsSpan(_rowStart, _end - _rowStart).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = larger;
                (_end, _start, _rowStart) = (_end - _rowStart, _start - _rowStart, 0);
            }
            else if (_end == _buffer.Length || _buffer.Length - _rowStart < length)
            {
                _buffer.AsSpan(_rowStart, _end - _rowStart).CopyTo(_buffer);
                (_end, _start, _rowStart) = (_end - _rowStart, _start - _rowStart, 0);
            }
            var read = await copy.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
                throw new MalformedFrameException($"A copy ended {needed - (_end - _start)} bytes before its row did.");
            _end += read;
        }
    }
}
