using System.Text;
using Strangler.Foundation.Faults;

namespace Strangler.Foundation.Files;

/// <summary>A text file that a configuration or a command names. It is read whole, so its size is limited.</summary>
public static class TextFile
{
    private const int MaxBytes = 16 << 20;

    /// <summary>The file's text.</summary>
    /// <exception cref="IOException">It can't be read; the message says why, as a part of a sentence.</exception>
    public static string Read(string path, Encoding encoding)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new IOException("its name has a NUL character");
        if (Directory.Exists(path))
            throw new IOException("it is a folder");
        try
        {
            using var reader = new StreamReader(Content(path), encoding);
            return reader.ReadToEnd();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException("the file doesn't exist", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException("it may not be read", exception);
        }
    }

    /// <summary>The same for a file without which nothing goes on.</summary>
    /// <exception cref="FaultException">It can't be read.</exception>
    public static string Require(string path, Encoding encoding)
    {
        try
        {
            return Read(path, encoding);
        }
        catch (IOException exception)
        {
            var why = exception.Message.TrimEnd('.');
            throw new FaultException(
                new Fault(
                    path,
                    $"{char.ToUpperInvariant(why[0])}{why[1..]}.",
                    exception.InnerException switch
                    {
                        FileNotFoundException or DirectoryNotFoundException => "Name another, or create it.",
                        UnauthorizedAccessException => "Let this user read it.",
                        _ => "Name another file.",
                    }
                ),
                exception
            );
        }
    }

    /// <summary>A device or a pipe doesn't say how long it is, so what has been read is counted.</summary>
    private static MemoryStream Content(string path)
    {
        using var file = File.OpenRead(path);
        var content = new MemoryStream();
        var buffer = new byte[64 << 10];
        while (file.Read(buffer) is > 0 and var count)
        {
            content.Write(buffer, 0, count);
            if (content.Length > MaxBytes)
                throw new IOException($"it has more than {MaxBytes >> 20} MiB");
        }
        content.Position = 0;
        return content;
    }
}
