using Strangler.Foundation.Faults;
using Strangler.Foundation.Processes;

namespace Strangler.Demo.Postgres;

/// <summary>How this machine provides a PostgreSQL server.</summary>
public abstract record PostgresProvision
{
    /// <summary>The image of <see cref="Container"/>.</summary>
    public const string DefaultImage = "postgres:15";

    private PostgresProvision() { }

    /// <summary>By installed server programs.</summary>
    public sealed record Installed(PostgresPrograms Programs) : PostgresProvision;

    /// <summary>By a Docker container.</summary>
    public sealed record Container(string Image) : PostgresProvision;

    /// <summary>
    /// Finds a way, in this order: the value of <c>STRANGLER_POSTGRES</c>, which is <c>docker</c> or a folder of server
    /// programs; installed server programs; Docker, if its engine answers; Debian's package, which is installed if we
    /// are root.
    /// </summary>
    /// <param name="say">Gets a line before anything is installed or downloaded.</param>
    /// <exception cref="FaultException">None exists: the fault says what to install.</exception>
    public static async Task<PostgresProvision> FindAsync(Action<string> say, CancellationToken cancellationToken)
    {
        if (PostgresPrograms.Find() is { } programs)
            return new Installed(programs);
        if (
            PostgresPrograms.Named is null or PostgresPrograms.Docker
            && await DockerEngine.AnswersAsync(TimeProvider.System, cancellationToken)
        )
        {
            say(
                "PostgreSQL's server programs are "
                    + $"{(PostgresPrograms.Named is null ? "not installed" : "not wanted")}: "
                    + $"using Docker's image '{DefaultImage}'."
            );
            return new Container(DefaultImage);
        }
        if (PostgresPrograms.Named is PostgresPrograms.Docker)
            throw new FaultException(
                new Fault(
                    PostgresPrograms.Variable,
                    $"It says '{PostgresPrograms.Docker}', but no Docker engine answers.",
                    "Start Docker, or unset it to use PostgreSQL's server programs."
                )
            );
        string? last = null;
        var code = await InstallAsync(line => say(last = line), cancellationToken);
        if (code is 0 && PostgresPrograms.Find() is { } installed)
            return new Installed(installed);
        throw new FaultException(Absent(last));
    }

    // The script ends with a sentence of the form "PostgreSQL: problem. Way out."
    private static Fault Absent(string? sentence) =>
        sentence is not null
        && sentence.StartsWith("PostgreSQL: ", StringComparison.Ordinal)
        && sentence.IndexOf(" Install ", StringComparison.Ordinal) is > 0 and var split
            ? new("PostgreSQL", sentence["PostgreSQL: ".Length..split], sentence[(split + 1)..])
            : new(
                "PostgreSQL",
                "Its server programs are not on this machine, and no Docker engine answers.",
                "Install PostgreSQL 14 or newer, on Debian with 'apt-get install postgresql', or start Docker."
            );

    private static async Task<int> InstallAsync(Action<string> line, CancellationToken cancellationToken)
    {
        string[] command = ["bash", Path.Combine(AppContext.BaseDirectory, "install-postgresql")];
        using var process = LineProcess.Start(
            command,
            new Dictionary<string, string?>(),
            null,
            (error, text) =>
            {
                if (error)
                    line(text);
            },
            TimeProvider.System
        );
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }
}
