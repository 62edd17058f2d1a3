using System.Text;
using Strangler.Foundation.Faults;

namespace Strangler.Foundation.Files;

/// <summary>A small file with secrets that only its owner may read.</summary>
public static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int MaxBytes = 256 << 10;

    /// <summary>The file's text; null: it doesn't exist, may not be read, or is too large.</summary>
    public static string? Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            using var reader = new StreamReader(stream);
            return stream.Length <= MaxBytes ? reader.ReadToEnd() : null;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>
    /// Writes the file; a new file gets mode 0600. Does nothing if the file is to be created and another process has
    /// just created it.
    /// </summary>
    /// <param name="setting">The setting that names it, for messages.</param>
    /// <param name="file">The file's path.</param>
    /// <param name="mode">Whether it is created or appended to.</param>
    /// <param name="text">The text to write.</param>
    /// <exception cref="FaultException">The file can't be written.</exception>
    public static void Write(string setting, string file, FileMode mode, string text)
    {
        try
        {
            var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnerOnly;
            using var stream = new FileStream(file, options);
            stream.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException) when (mode == FileMode.CreateNew && File.Exists(file)) { }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new FaultException(
                new Fault(
                    setting,
                    $"'{file}' cannot be written: {exception.Message}",
                    "Name a file in a folder that this user may write to."
                ),
                exception
            );
        }
    }
}
