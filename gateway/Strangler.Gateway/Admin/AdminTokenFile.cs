using Strangler.Foundation.Faults;
using Strangler.Foundation.Files;

namespace Strangler.Gateway.Admin;

/// <summary>The file with the tokens of the admin API. Only its owner may read it.</summary>
public static class AdminTokenFile
{
    /// <summary>The configuration key that names it.</summary>
    public const string Path = "Gateway:AdminTokenFile";

    /// <summary>Its name beside the configuration, unless the setting names another file.</summary>
    public const string DefaultName = "strangler.tokens";

    /// <summary>Null if it doesn't exist, or may not be read.</summary>
    public static AdminTokens? Read(string file) => SecretFile.Read(file) is { } text ? AdminTokens.Parse(text) : null;

    /// <summary>Creates it with a token for <paramref name="name"/> if it doesn't exist.</summary>
    /// <returns>Whether it was created.</returns>
    /// <exception cref="FaultException">It can't be written.</exception>
    public static bool Ensure(string file, string name)
    {
        if (File.Exists(file))
            return false;
        SecretFile.Write(
            Path,
            file,
            FileMode.CreateNew,
            $"# The tokens of the admin API: one name and secret per line. 'strangler token NAME' adds one; a line "
                + $"that is removed is refused at once.\n{AdminTokens.NewLine(name)}\n"
        );
        return true;
    }

    /// <summary>Adds a token.</summary>
    /// <returns>Its secret.</returns>
    /// <exception cref="FaultException">
    /// The name already has a token or isn't valid, or the file can't be written.
    /// </exception>
    public static string Add(string file, string name)
    {
        if (!AdminTokens.IsName(name))
            throw new FaultException(
                new Fault(
                    "NAME",
                    $"It is not a name of at most {AdminTokens.MaxName} visible characters.",
                    "Choose another one."
                )
            );
        if (Read(file)?.Has(name) is true)
            throw new FaultException(
                new Fault(
                    "NAME",
                    $"'{name}' has a token already.",
                    $"Remove the line from '{file}' first, or choose another name."
                )
            );
        var line = AdminTokens.NewLine(name);
        SecretFile.Write(Path, file, FileMode.Append, line + "\n");
        return line[(line.LastIndexOf(' ') + 1)..];
    }
}
