namespace Strangler.Demo.Processes;

/// <summary>
/// A temporary folder that goes with us. Where we are killed it stays, and whoever next makes one of the same name
/// deletes it: its owner holds a file in it locked for as long as it lives.
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

    /// <param name="prefix">How its name begins.</param>
    public static OwnFolder Create(string prefix)
    {
        foreach (var left in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), prefix + "*"))
            Delete(left);
        // Under another name until its owner's file is locked: between making that file and locking it, somebody who
        // deletes what is left would take it for nobody's.
        var hidden = Directory.CreateTempSubdirectory("." + prefix);
        var owner = Lock(hidden.FullName, FileMode.CreateNew);
        var path = System.IO.Path.Combine(hidden.Parent!.FullName, hidden.Name[1..]);
        Directory.Move(hidden.FullName, path);
        return new(path, owner);
    }

    public void Dispose()
    {
        // Locked until it is gone: a folder whose lock is free may be deleted by somebody else meanwhile, and two who
        // delete are in each other's way.
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
            // It is not one of ours, its owner lives, or a server in it is just ending.
        }
    }

    /// <summary>
    /// The owner's file goes last: what is left of a deletion that did not get to its end can be told to be nobody's,
    /// and is deleted by the next.
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
