using Strangler.Demo.Processes;
using Xunit;

namespace Strangler.Cli.Tests.Processes;

public sealed class OwnFolderTests
{
    private readonly string _prefix = $"strangler-own-{Guid.NewGuid():N}-";

    [Fact]
    public void Create_FolderThatNobodyOwnsAnyMore_IsDeletedAndOneWithAnOwnerStays()
    {
        using var owned = OwnFolder.Create(_prefix);
        var left = Directory.CreateTempSubdirectory(_prefix).FullName;
        Directory.CreateDirectory(Path.Combine(left, "data"));
        File.WriteAllText(Path.Combine(left, "owner"), "");

        using var next = OwnFolder.Create(_prefix);

        Assert.False(Directory.Exists(left));
        Assert.True(Directory.Exists(owned.Path));
    }

    [Fact]
    public void Create_ManyAtOnce_NobodyDeletesTheFolderOfAnother() =>
        Parallel.For(
            0,
            500,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            _ =>
            {
                using var own = OwnFolder.Create(_prefix);
                File.WriteAllText(Path.Combine(own.Path, "log"), "x");
            }
        );

    [Fact]
    public void Dispose_FolderWithContent_LeavesNothing()
    {
        var folder = OwnFolder.Create(_prefix);
        Directory.CreateDirectory(Path.Combine(folder.Path, "data", "base"));
        File.WriteAllText(Path.Combine(folder.Path, "data", "base", "1"), "x");
        File.WriteAllText(Path.Combine(folder.Path, "log"), "x");

        folder.Dispose();

        Assert.False(Directory.Exists(folder.Path));
    }
}
