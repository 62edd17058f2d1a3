using System.Text;

namespace Strangler.Foundation.Files;

/// <summary>
/// A small file in which a process keeps what it knows, for its next start. It is replaced as a whole, so that a reader
/// finds either the earlier text or the later one. Only its owner may read it.
/// </summary>
public static class StateFile
{
    /// <summary>The maximum number of bytes that are read or written.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The file's text; null: it doesn't exist.</summary>
    /// <exception cref="IOException">It can't be read; the message says why.</exception>
    public static string? Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            if (stream.Length > MaxBytes)
                throw new IOException($"It has more than {MaxBytes >> 10} KiB.");
            using var reader = new StreamReader(stream, new UTF8Encoding(false, true));
            return reader.ReadToEnd();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception)
            when (exception is UnauthorizedAccessException or NotSupportedException or DecoderFallbackException)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <summary>Writes a new file beside it, to the disk, and gives it the name of the old one.</summary>
    /// <exception cref="IOException">It can't be written, and is as before; the message says why.</exception>
    public static void Replace(string file, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > MaxBytes)
            throw new IOException($"It would have more than {MaxBytes >> 10} KiB.");
        var beside = $"{file}.{Environment.ProcessId}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(beside, options))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }
            File.Move(beside, file, overwrite: true);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or NotSupportedException)
        {
            throw new IOException(exception.Message, exception);
        }
    }
}
