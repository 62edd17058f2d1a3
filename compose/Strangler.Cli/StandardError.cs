using System.Text;

namespace Strangler.Cli;

/// <summary>
/// Our standard error. What can't be written, as on a full disk, is lost and stops nothing. In a terminal, one line may
/// stay below everything that is written.
/// </summary>
internal sealed class StandardError(TextWriter inner) : TextWriter
{
    /// <summary>To the line's begin, and clear it.</summary>
    private const string Clear = "\r\u001b[K";

    private readonly Lock _lock = new();
    private string _below = "";

    /// <summary>The one that <see cref="Console.Error"/> writes to; null before <see cref="Use"/>.</summary>
    public static StandardError? Current { get; private set; }

    public override Encoding Encoding => inner.Encoding;

    /// <summary>Makes every writer of <see cref="Console.Error"/> use it.</summary>
    public static void Use() => Console.SetError(Current = new StandardError(Console.Error));

    /// <summary>Replaces the line below everything, which must be a terminal's; empty: there is none.</summary>
    public void ShowBelow(string line)
    {
        lock (_lock)
        {
            if (line == _below)
                return;
            Try(() => inner.Write(Clear + line));
            _below = line;
            Try(inner.Flush);
        }
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value)
    {
        lock (_lock)
            Try(() => inner.Write(_below.Length == 0 ? value : $"{Clear}{value}{(EndsLine(value) ? _below : "")}"));
    }

    public override void WriteLine(string? value) => Write(value + NewLine);

    public override void Flush() => Try(inner.Flush);

    private static bool EndsLine(string? value) => value is null || value.EndsWith('\n');

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        // Of what stands in the way, .NET maps some (EACCES, EPERM, EBADF, EFBIG) to no IOException.
        catch (Exception) { }
    }
}
