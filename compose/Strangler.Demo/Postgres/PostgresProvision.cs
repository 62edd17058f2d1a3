using System.ComponentModel;
using System.Diagnostics;
using Strangler.Foundation.Faults;

namespace Strangler.Demo.Postgres;

/// <summary>How this machine comes to a PostgreSQL server.</summary>
public abstract record PostgresProvision
{
    private PostgresProvision() { }

    /// <summary>By server programs that are installed.</summary>
    public sealed record Installed(PostgresPrograms Programs) : PostgresProvision;

    /// <summary>By a container of Docker's.</summary>
    public sealed record Container(string Image) : PostgresProvision;

    /// <summary>
    /// Finds a way, in this order: server programs that are installed; Docker, if its engine answers; Debian's package, which is installed where we are root.
    /// </summary>
    /// <param name="say">Gets a line before anything is installed or downloaded.</param>
    /// <exception cref="FaultException">There is none: the fault says what to install.</exception>
    public static async Task<PostgresProvision> FindAsync(Action<string> say, CancellationToken cancellationToken)
    {
        if (PostgresPrograms.Find() is { } programs) return new Installed(programs);
        if (await RunAsync("docker", ["info"], static _ => { }, cancellationToken) is 0)
        {
            say($"PostgreSQL's server programs are not installed: using Docker's image '{DefaultImage}'.");
            return new Container(DefaultImage);
        }
        string? last = null;
        var code = await RunAsync("bash", [Path.Combine(AppContext.BaseDirectory, "install-postgresql")], line => say(last = line), cancellationToken);
        if (code is 0 && PostgresPrograms.Find() is { } installed) return new Installed(installed);
        throw new FaultException(Absent(last));
    }

    private const string DefaultImage = "postgres:15";

    // The script ends with a sentence of the form "PostgreSQL: problem. Way out."
    private static Fault Absent(string? sentence) => sentence is not null && sentence.StartsWith("PostgreSQL: ", StringComparison.Ordinal) && sentence.IndexOf(" Install ", StringComparison.Ordinal) is > 0 and var split
        ? new("PostgreSQL", sentence["PostgreSQL: ".Length..split], sentence[(split + 1)..])
        : new("PostgreSQL", "Its server programs are not on this machine, and no Docker engine answers.", "Install PostgreSQL 14 or newer, on Debian with 'apt-get install postgresql', or start Docker.");

    /// <summary>The exit code; null where there is no such program.</summary>
    private static async Task<int?> RunAsync(string program, IReadOnlyList<string> arguments, Action<string> line, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += (_, data) =>
        {
            if (data.Data is { } text) line(text);
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return null;
        }
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }
}
