using System.Globalization;

namespace Strangler.Demo.Postgres;

/// <summary>Where PostgreSQL's server programs are on this machine.</summary>
/// <param name="Directory">The folder that holds <c>initdb</c> and <c>postgres</c>.</param>
public sealed record PostgresPrograms(string Directory)
{
    /// <summary>
    /// The variable that names their folder, or says <see cref="Docker"/> where they are not to be used.
    /// </summary>
    public const string Variable = "STRANGLER_POSTGRES";

    /// <summary>The value of <see cref="Variable"/> that wants PostgreSQL in a container.</summary>
    public const string Docker = "docker";

    /// <summary>What <see cref="Variable"/> says; null: nothing.</summary>
    public static string? Named => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : null;

    /// <summary>
    /// The programs named by <see cref="Variable"/>, else the newest of Debian's, else those on the path; null if there
    /// are none or they are not wanted.
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
