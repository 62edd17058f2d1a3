using System.Text;

namespace Strangler.Cli;

/// <summary>
/// Reads lines until the input ends. A line longer than <see cref="MaxBytes"/> is skipped: memory stays bounded whoever
/// writes.
/// </summary>
internal static class BoundedLineReader
{
    public const int MaxBytes = 256 << 10;

    public static void Read(Stream input, Action<string> heard)
    {
        var (buffer, line) = (new byte[4 << 10], new MemoryStream());
        var isTooLong = false;
        for (int count; (count = input.Read(buffer)) > 0; )
        {
            foreach (var part in buffer.AsSpan(0, count))
            {
                if (part == (byte)'\n')
                {
                    if (!isTooLong)
                        heard(Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length));
                    isTooLong = false;
                    line.SetLength(0);
                }
                else if (line.Length == MaxBytes)
                    isTooLong = true;
                else
                    line.WriteByte(part);
            }
        }
    }
}
