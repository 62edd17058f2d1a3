using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Admin;

/// <summary>The file with the tokens of the admin API. Only its owner may read it.</summary>
public static class AdminTokenFile
{
    /// <summary>Where the configuration names it.</summary>
    public const string Path = "Gateway:AdminTokenFile";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int MaxBytes = 256 << 10;

    /// <summary>Null: it does not exist, or may not be read.</summary>
    public static AdminTokens? Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            using var reader = new StreamReader(stream);
            return stream.Length <= MaxBytes ? AdminTokens.Parse(reader.ReadToEnd()) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Makes it with a token for <paramref name="name"/>, where it does not exist.</summary>
    /// <returns>Whether it was made.</returns>
    /// <exception cref="FaultException">It cannot be written.</exception>
    public static bool Ensure(string file, string name)
    {
        if (File.Exists(file)) return false;
        Write(file, FileMode.CreateNew, $"# The tokens of the admin API: a name and a secret a line. 'strangler token NAME' adds one; a line that is removed is refused at once.\n{AdminTokens.NewLine(name)}\n");
        return true;
    }

    /// <summary>Adds a token.</summary>
    /// <returns>Its secret.</returns>
    /// <exception cref="FaultException">There is one for the name, it is no name, or the file cannot be written.</exception>
    public static string Add(string file, string name)
    {
        if (!AdminTokens.IsName(name)) throw new FaultException(new Fault("NAME", $"It is not a name of at most {AdminTokens.MaxName} visible characters.", "Choose another one."));
        if (Read(file)?.Has(name) is true) throw new FaultException(new Fault("NAME", $"'{name}' has a token already.", $"Remove the line from '{file}' first, or choose another name."));
        var line = AdminTokens.NewLine(name);
        Write(file, FileMode.Append, line + "\n");
        return line[(line.LastIndexOf(' ') + 1)..];
    }

    private static void Write(string file, FileMode mode, string text)
    {
        try
        {
            var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
            using var stream = new FileStream(file, options);
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }
        catch (IOException) when (mode == FileMode.CreateNew && File.Exists(file)) { } // somebody else has just made it
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new FaultException(new Fault(Path, $"'{file}' cannot be written: {exception.Message}", "Name a file in a folder that this user may write to."), exception);
        }
    }
}
