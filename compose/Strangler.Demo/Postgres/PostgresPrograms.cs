using System.Globalization;

namespace Strangler.Demo.Postgres;

/// <summary>Where PostgreSQL's server programs are on this machine.</summary>
/// <param name="Directory">The folder that holds <c>initdb</c> and <c>postgres</c>.</param>
public sealed record PostgresPrograms(string Directory)
{
    /// <summary>The programs named by <c>STRANGLER_POSTGRES</c>, else the newest of Debian's, else those on the path; null if there are none.</summary>
    public static PostgresPrograms? Find()
    {
        if (Environment.GetEnvironmentVariable("STRANGLER_POSTGRES") is { Length: > 0 } named) return Holds(named) ? new(named) : null;
        var debian = new DirectoryInfo("/usr/lib/postgresql") is { Exists: true } root ? root.GetDirectories() : [];
        var found = debian.OrderByDescending(version => double.TryParse(version.Name, CultureInfo.InvariantCulture, out var number) ? number : 0).Select(version => Path.Combine(version.FullName, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(Holds);
        return found is null ? null : new(found);
    }

    public string this[string program] => Path.Combine(Directory, program);

    private static bool Holds(string directory) => File.Exists(Path.Combine(directory, "initdb")) && File.Exists(Path.Combine(directory, "postgres"));
}
