namespace Strangler.Packages.Tests;

/// <summary>The repository in which the tests run.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Strangler.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run in their repository.");
        return folder.FullName;
    }
}
