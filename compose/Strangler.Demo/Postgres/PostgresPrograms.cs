using System.Globalization;

namespace Strangler.Demo.Postgres;

/// <summary>PostgreSQL's server programs on this machine.</summary>
/// <param name="Directory">The folder that holds <c>initdb</c> and <c>postgres</c>.</param>
public sealed record PostgresPrograms(string Directory)
{
    /// <summary>The variable that names their folder, or is <see cref="Docker"/> if they are not to be used.</summary>
    public const string Variable = "STRANGLER_POSTGRES";

    /// <summary>The value of <see cref="Variable"/> that selects PostgreSQL in a container.</summary>
    public const string Docker = "docker";

    /// <summary>The value of <see cref="Variable"/>; null: not set.</summary>
    public static string? Named => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : null;

    /// <summary>
    /// The programs named by <see cref="Variable"/>, or else Debian's newest, or else those on the path; null if none
    /// exist or they are not wanted.
    /// </summary>
    public static PostgresPrograms? Find()
    {
        if (Named is { } named)
            return Holds(named) ? new(named) : null;
        var debian = new DirectoryInfo("/usr/lib/postgresql") is { Exists: true } root ? root.GetDirectories() : [];
        var found = debian
            .OrderByDescending(version =>
                double.TryParse(version.Name, CultureInfo.InvariantCulture, out var number) ? number : 0
            )
            .Select(version => Path.Combine(version.FullName, "bin"))
            .Concat(
                (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
                    Path.PathSeparator,
                    StringSplitOptions.RemoveEmptyEntries
                )
            )
            .FirstOrDefault(Holds);
        return found is null ? null : new(found);
    }

    public string this[string program] => Path.Combine(Directory, program);

    private static bool Holds(string directory) =>
        File.Exists(Path.Combine(directory, "initdb")) && File.Exists(Path.Combine(directory, "postgres"));
}
