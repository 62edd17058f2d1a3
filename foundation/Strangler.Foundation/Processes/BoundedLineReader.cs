using System.Buffers;
using System.Text;

namespace Strangler.Foundation.Processes;

/// <summary>
/// Reads lines until the input ends, the last one whether or not it is ended. A line that is longer than
/// <see cref="MaxBytes"/> is cut: memory stays bounded, no matter what writes.
/// </summary>
public sealed class BoundedLineReader
{
    /// <summary>How much of a line is passed on.</summary>
    public const int MaxBytes = 256 << 10;

    /// <summary>What the text of a line that is cut ends in.</summary>
    public const string CutMark = "…";

    private readonly byte[] _buffer = new byte[4 << 10];
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Action<string> _heard;
    private bool _isCut;
    private bool _afterReturn;

    private BoundedLineReader(Action<string> heard) => _heard = heard;

    /// <summary>Reads on this thread.</summary>
    public static void Read(Stream input, Action<string> heard)
    {
        var reader = new BoundedLineReader(heard);
        for (int count; (count = input.Read(reader._buffer)) > 0; )
            reader.Take(count);
        reader.End();
    }

    /// <summary>Reads, and holds no thread while nothing comes.</summary>
    public static async Task ReadAsync(Stream input, Action<string> heard, CancellationToken cancellationToken)
    {
        var reader = new BoundedLineReader(heard);
        for (int count; (count = await input.ReadAsync(reader._buffer, cancellationToken)) > 0; )
            reader.Take(count);
        reader.End();
    }

    private void Take(int count)
    {
        foreach (var part in _buffer.AsSpan(0, count))
        {
            // "\r\n" is one end; a progress bar ends its lines with "\r" alone
            if (part is (byte)'\n' && _afterReturn)
                _afterReturn = false;
            else if (part is (byte)'\n' or (byte)'\r')
            {
                Pass();
                _afterReturn = part is (byte)'\r';
            }
            else
            {
                _afterReturn = false;
                if (_line.WrittenCount == MaxBytes)
                    _isCut = true;
                else
                    _line.Write([part]);
            }
        }
    }

    private void End()
    {
        if (_line.WrittenCount > 0)
            Pass();
    }

    private void Pass()
    {
        var text = Encoding.UTF8.GetString(_line.WrittenSpan);
        (var isCut, _isCut) = (_isCut, false);
        _line.ResetWrittenCount();
        _heard(isCut ? text + CutMark : text);
    }
}
