namespace Strangler.EndToEnd.Tests.Harness;

/// <summary>The repository in which the tests run.</summary>
internal static class Repository
{
    private static readonly string Root = Find();

    /// <summary>The full path of a file in it.</summary>
    /// <param name="path">Relative to its root.</param>
    public static string Full(string path) => Path.Combine(Root, path);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Strangler.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run in their repository.");
        return folder.FullName;
    }
}
