using System.Globalization;

namespace Strangler.EndToEnd.Tests.Harness;

/// <summary>
/// What one demo leaves behind: its processes are recognized by a variable that they inherit or by their working
/// folder, its files by a dedicated temporary folder.
/// </summary>
internal sealed class DemoTrace : IDisposable
{
    private const string Variable = "STRANGLER_TEST_TRACE";
    private const UnixFileMode EverybodyEnters =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    private readonly string _folder = Directory.CreateTempSubdirectory("strangler-trace-").FullName;

    public DemoTrace()
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder, EverybodyEnters); // also PostgreSQL's login
    }

    public IReadOnlyDictionary<string, string?> Environment =>
        new Dictionary<string, string?> { [Variable] = _folder, ["TMPDIR"] = _folder };

    /// <summary>A folder that is not the demo's.</summary>
    public string Elsewhere { get; } = Directory.CreateTempSubdirectory("strangler-trace-").FullName;

    /// <summary>The demo's running processes.</summary>
    public IReadOnlyList<string> Processes() =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Where(process =>
                    int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out _) && IsOurs(process)
                )
                .Select(process => $"{Path.GetFileName(process)} {Read(process, "cmdline").Replace('\0', ' ')}"),
        ];

    /// <summary>
    /// The content of its temporary folder, except for the sockets that a killed .NET runtime leaves.
    /// </summary>
    public IReadOnlyList<string> Files() =>
        [
            .. Directory
                .EnumerateFileSystemEntries(_folder)
                .Where(entry =>
                    Path.GetFileName(entry) is var name
                    && !name.StartsWith("dotnet-diagnostic-", StringComparison.Ordinal)
                    && !name.StartsWith("clr-debug-pipe-", StringComparison.Ordinal)
                ),
        ];

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(Elsewhere, recursive: true);
    }

    // PostgreSQL overwrites its environment with its title, but runs in its data folder.
    private bool IsOurs(string process) =>
        Read(process, "environ").Contains($"{Variable}={_folder}", StringComparison.Ordinal)
        || Folder(process).StartsWith(_folder, StringComparison.Ordinal);

    private static string Folder(string process) =>
        Try(() => File.ResolveLinkTarget(Path.Combine(process, "cwd"), returnFinalTarget: false)?.FullName ?? "");

    private static string Read(string process, string file) => Try(() => File.ReadAllText(Path.Combine(process, file)));

    private static string Try(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ""; // it has ended, or belongs to another user
        }
    }
}
