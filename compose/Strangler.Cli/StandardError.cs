using System.Text;

namespace Strangler.Cli;

/// <summary>Our standard error. What can't be written, as on a full disk, is lost and stops nothing.</summary>
internal sealed class StandardError(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    /// <summary>Makes every writer of <see cref="Console.Error"/> use it.</summary>
    public static void Use() => Console.SetError(new StandardError(Console.Error));

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void Flush() => Try(inner.Flush);

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
