using System.Reflection;
using System.Runtime.Loader;
using Xunit;

namespace Strangler.Projections.Tests.Versions;

/// <summary>
/// The C# compiler of the SDK that runs the tests, in this process, so that the second compilation takes a fraction of
/// a second.
/// </summary>
internal static class Compiler
{
    private static readonly string Framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
    private static readonly string? Folder = Directory.Exists(Path.Combine(Framework, "../../../sdk"))
        ? Directory
            .GetDirectories(Path.Combine(Framework, "../../../sdk"), $"{Environment.Version.Major}.*")
            .Order(StringComparer.Ordinal)
            .Select(sdk => Path.Combine(sdk, "Roslyn", "bincore"))
            .LastOrDefault(Directory.Exists)
        : null;
    private static readonly Lock OneAtATime = new();
    private static MethodInfo? _main;

    /// <summary>
    /// Compiles sources (file name and text) to <paramref name="assembly"/><c>.dll</c> in <paramref name="folder"/>.
    /// </summary>
    /// <returns>The assembly's path.</returns>
    public static string Compile(
        string folder,
        string assembly,
        IEnumerable<(string Name, string Text)> sources,
        params string[] references
    )
    {
        if (Folder is null)
            Assert.Skip($"No SDK exists next to the runtime in {Framework}, so there is no compiler to test with.");
        Directory.CreateDirectory(folder);
        var files = new List<string>();
        foreach (var (name, text) in sources)
        {
            files.Add(Path.Combine(folder, name));
            File.WriteAllText(files[^1], text);
        }
        var path = Path.Combine(folder, assembly + ".dll");
        string[] arguments =
        [
            "-nologo",
            "-noconfig",
            "-nostdlib+",
            "-target:library",
            "-deterministic-",
            "-debug:portable",
            "-langversion:latest",
            "-nullable:enable",
            "-nowarn:CS1701",
            $"-out:{path}",
            .. new[]
            {
                "System.Private.CoreLib.dll",
                "System.Runtime.dll",
                "System.Collections.dll",
                "System.Linq.dll",
                "System.Text.Json.dll",
            }.Select(name => $"-r:{Path.Combine(Framework, name)}"),
            .. references.Select(reference => $"-r:{reference}"),
            .. files,
        ];
        lock (OneAtATime)
        {
            var output = Console.Out;
            using var said = new StringWriter();
            Console.SetOut(said);
            try
            {
                Assert.True(Main.Invoke(null, [arguments]) is 0, said.ToString());
            }
            finally
            {
                Console.SetOut(output);
            }
        }
        return path;
    }

    private static MethodInfo Main => _main ??= Load();

    private static MethodInfo Load()
    {
        var context = new AssemblyLoadContext("compiler");
        context.Resolving += (_, name) =>
            Path.Combine(Folder!, name.Name + ".dll") is var path && File.Exists(path)
                ? context.LoadFromAssemblyPath(path)
                : null;
        return context.LoadFromAssemblyPath(Path.Combine(Folder!, "csc.dll")).EntryPoint!;
    }
}
