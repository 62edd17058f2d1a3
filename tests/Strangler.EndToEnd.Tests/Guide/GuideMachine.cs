using System.Collections.Concurrent;
using Strangler.Demo.Postgres;
using Strangler.Demo.Processes;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.Foundation.Processes;
using Xunit;

namespace Strangler.EndToEnd.Tests.Guide;

/// <summary>
/// The machine of a page's reader: a folder with a clone in it. The clone contains what the page uses, and the built
/// command instead of the launcher that would build it.
/// </summary>
internal sealed class GuideMachine : IAsyncDisposable
{
    private static readonly string[] UsedOfTheClone =
    [
        ".editorconfig",
        "global.json",
        "Directory.Build.props",
        "Directory.Packages.props",
        "BannedSymbols.txt",
        "compose/store-rights.sql",
        "projections/Strangler.Projections.Abstractions",
        "cdc-bridge/Strangler.ChangeLog.Abstractions",
    ];

    /// <summary>
    /// Packages are those of this machine, no compiler server stays behind, a faulty statement ends its command, and
    /// curl's progress is hidden.
    /// </summary>
    private const string Settings = """
        export NuGetAudit=false UseSharedCompilation=false MSBUILDDISABLENODEREUSE=1
        export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
        export PSQLRC=$PWD/.psqlrc CURL_HOME=$PWD XDG_DATA_HOME=$PWD/data
        set -e
        exec 2>&1
        """;

    /// <summary>Stops running servers and deletes everything, also when the tests are killed.</summary>
    private const string Cleaning = """
        trap '' INT TERM
        root=$1 pg_ctl=$2; shift 2
        cat >/dev/null
        for data in "$root"/bookshop/servers/*/; do "$@" "$pg_ctl" --pgdata="$data" --mode=immediate stop; done
        rm -rf "$root"
        """;

    private static readonly IReadOnlyDictionary<string, string?> NoVariables = new Dictionary<string, string?>();

    /// <summary>A busy machine sends a page's requests slowly.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly string _root = Directory.CreateTempSubdirectory("strangler-guide-").FullName;
    private readonly LineProcess _cleaner;

    public GuideMachine(PostgresPrograms programs)
    {
        _cleaner = LineProcess.Start(
            ["bash", "-c", Cleaning, "cleaner", _root, programs["pg_ctl"], .. AsServerUser()],
            NoVariables,
            "/",
            static (_, _) => { },
            TimeProvider.System
        );
        foreach (var path in UsedOfTheClone)
            Copy(Repository.Full(path), Path.Combine(_root, "strangler", path));
        var launcher = Path.Combine(_root, "strangler", "strangler");
        File.WriteAllText(launcher, $"#!/usr/bin/env bash\nexec {string.Join(' ', RunningSystem.Strangler)} \"$@\"\n");
        Directory.CreateDirectory(Path.Combine(_root, "data"));
        File.WriteAllText(Path.Combine(_root, ".psqlrc"), "\\set ON_ERROR_STOP on\n");
        File.WriteAllText(Path.Combine(_root, ".curlrc"), "no-progress-meter\n");
        if (OperatingSystem.IsWindows())
            return;
        foreach (var path in new[] { _root, launcher })
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101); // the servers' login needs access, too
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Writes a file.</summary>
    /// <param name="file">Relative to the folder that holds the clone.</param>
    /// <param name="text">Its content.</param>
    public Task WriteAsync(string file, string text) =>
        File.WriteAllTextAsync(Path.Combine(_root, file), text, Cancellation);

    /// <summary>Runs a script until it ends.</summary>
    /// <returns>Its exit code, and the text of both outputs.</returns>
    public async Task<(int Code, string Output)> RunAsync(string script)
    {
        var lines = new ConcurrentQueue<string>();
        using var process = LineProcess.Start(
            [.. AsOwnerOfServers(script), "bash", "-c", $"{Settings}\n{script}"],
            NoVariables,
            _root,
            (_, line) => lines.Enqueue(line),
            TimeProvider.System
        );
        process.EndInput();
        if (await process.WaitForExitAsync(Limit))
            return (process.ExitCode, string.Join('\n', lines));
        await process.KillAsync();
        Assert.Fail($"This did not end within {Limit}:\n{script}");
        return default;
    }

    /// <summary>Starts a script whose last command runs until it is stopped.</summary>
    /// <param name="script">The script.</param>
    /// <param name="line">Gets each line that it writes.</param>
    public GuardedProcess Start(string script, Action<string> line) =>
        GuardedProcess.Start(
            ["bash", "-c", $"cd '{_root}'\n{Settings}\n{script}"],
            NoVariables,
            (_, text) => line(text),
            TimeProvider.System
        );

    public async ValueTask DisposeAsync()
    {
        _cleaner.EndInput();
        await _cleaner.WaitForExitAsync(Until.Limit);
        _cleaner.Dispose();
    }

    /// <summary>PostgreSQL refuses to run as root, so another login owns the servers' folder.</summary>
    private static string[] AsOwnerOfServers(string script)
    {
        if (!script.Contains("pg_ctl", StringComparison.Ordinal) || AsServerUser() is not [_, _, var user, _] words)
            return [];
        return ["bash", "-c", $"chown -R {user}: bookshop/servers; exec \"$@\"", "chown", .. words];
    }

    private static string[] AsServerUser()
    {
        if (!Environment.IsPrivilegedProcess)
            return [];
        var isDebian = File.ReadLines("/etc/passwd")
            .Any(line => line.StartsWith("postgres:", StringComparison.Ordinal));
        return ["runuser", "-u", isDebian ? "postgres" : "nobody", "--"];
    }

    private static void Copy(string from, string to)
    {
        if (Directory.Exists(from))
        {
            foreach (var inner in Directory.EnumerateFileSystemEntries(from))
            {
                if (Path.GetFileName(inner) is var name and not ("bin" or "obj"))
                    Copy(inner, Path.Combine(to, name));
            }
            return;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to);
    }
}
