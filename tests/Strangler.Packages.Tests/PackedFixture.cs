using Xunit;

namespace Strangler.Packages.Tests;

/// <summary>The packages of this repository, as <c>./pack</c> builds them, in a folder of their own.</summary>
public sealed class PackedFixture : IAsyncLifetime
{
    private static readonly TimeSpan PackLimit = TimeSpan.FromMinutes(15);
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("strangler-packages-");

    /// <summary>The folder that <c>./pack</c> wrote.</summary>
    public string Feed => Path.Combine(_root.FullName, "feed");

    /// <summary>An empty folder for a test.</summary>
    public string Folder(string name) => _root.CreateSubdirectory(name).FullName;

    /// <summary>The packages, without those of symbols, by their ids.</summary>
    internal IReadOnlyDictionary<string, PackageFile> Packages { get; private set; } =
        new Dictionary<string, PackageFile>();

    public async ValueTask InitializeAsync()
    {
        var packed = await ProgramRun.RunAsync(
            ["bash", Path.Combine(Repository.Root, "pack"), Feed],
            _root.FullName,
            new Dictionary<string, string?>(),
            PackLimit
        );
        packed.AssertDone();
        Packages = Directory
            .EnumerateFiles(Feed, "*.nupkg")
            .Select(PackageFile.Read)
            .ToDictionary(package => package.Id, StringComparer.Ordinal);
    }

    public ValueTask DisposeAsync()
    {
        _root.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
