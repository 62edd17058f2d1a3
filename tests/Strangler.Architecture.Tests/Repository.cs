using System.Diagnostics;

namespace Strangler.Architecture.Tests;

/// <summary>The repository that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>Folders of the repository without sources.</summary>
    private static readonly string[] Made =
    [
        ".git",
        ".vs",
        ".idea",
        "bin",
        "obj",
        "artifacts",
        "TestResults",
        "node_modules",
    ];

    private static readonly Lazy<List<string>> Tracked = new(Find);

    public static string Root { get; } = Above(AppContext.BaseDirectory);

    /// <summary>
    /// The files that git tracks or would track, relative to the root; without git, all files that are not build
    /// output.
    /// </summary>
    public static IReadOnlyList<string> Files => Tracked.Value;

    public static string Full(string path) => Path.Combine(Root, path);

    private static string Above(string folder) =>
        File.Exists(Path.Combine(folder, "Strangler.sln")) ? folder
        : Path.GetDirectoryName(folder) is { } parent ? Above(parent)
        : throw new InvalidOperationException("These tests lie in no folder below Strangler.sln.");

    private static List<string> Find() =>
        Git() ?? [.. Walk(Root).Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))];

    private static List<string>? Git()
    {
        try
        {
            using var git = Process.Start(
                new ProcessStartInfo(
                    "git",
                    ["-C", Root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
                )
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            var files = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
            git.WaitForExit();
            return git.ExitCode == 0 ? [.. files.Distinct().Where(file => File.Exists(Full(file)))] : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static IEnumerable<string> Walk(string folder) =>
        Directory
            .GetFiles(folder)
            .Concat(
                Directory
                    .GetDirectories(folder)
                    .Where(child => !Made.Contains(Path.GetFileName(child)))
                    .SelectMany(Walk)
            );
}
