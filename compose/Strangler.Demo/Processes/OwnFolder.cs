namespace Strangler.Demo.Processes;

/// <summary>
/// A temporary folder that is deleted with this process. If we are killed it stays, and the next process that creates
/// one with the same name deletes it: the owner keeps a file in it locked while it lives.
/// </summary>
internal sealed class OwnFolder : IDisposable
{
    private const string LockName = "owner";
    private readonly FileStream _lock;

    private OwnFolder(string path, FileStream owner)
    {
        Path = path;
        _lock = owner;
    }

    public string Path { get; }

    /// <param name="prefix">The prefix of its name.</param>
    public static OwnFolder Create(string prefix)
    {
        foreach (var left in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), prefix + "*"))
            Delete(left);
        // Has another name until its owner's file is locked: between the creation and the lock of that file, another
        // process that deletes leftovers would consider it abandoned.
        var hidden = Directory.CreateTempSubdirectory("." + prefix);
        var owner = Lock(hidden.FullName, FileMode.CreateNew);
        var path = System.IO.Path.Combine(hidden.Parent!.FullName, hidden.Name[1..]);
        Directory.Move(hidden.FullName, path);
        return new(path, owner);
    }

    public void Dispose()
    {
        // Locked until it is deleted: otherwise another process may delete the unlocked folder meanwhile, and two
        // deletions would collide.
        using (_lock)
        {
            if (Directory.Exists(Path))
                Empty(Path);
        }
    }

    private static void Delete(string left)
    {
        try
        {
            using var free = Lock(left, FileMode.Open);
            Empty(left);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It isn't one of ours, its owner lives, or a server in it is just stopping.
        }
    }

    /// <summary>
    /// The owner's file is deleted last: what an interrupted deletion leaves is recognizable as abandoned, and the next
    /// process deletes it.
    /// </summary>
    private static void Empty(string folder)
    {
        foreach (var inner in Directory.EnumerateDirectories(folder))
            Directory.Delete(inner, recursive: true);
        foreach (
            var file in Directory.EnumerateFiles(folder).Where(file => System.IO.Path.GetFileName(file) != LockName)
        )
            File.Delete(file);
        Directory.Delete(folder, recursive: true);
    }

    // On Unix this is flock, which the system releases with the process, however that ends.
    private static FileStream Lock(string folder, FileMode mode) =>
        new(System.IO.Path.Combine(folder, LockName), mode, FileAccess.Write, FileShare.None);
}
