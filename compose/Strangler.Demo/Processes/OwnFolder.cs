namespace Strangler.Demo.Processes;

/// <summary>
/// A temporary folder that goes with us. Where we are killed it stays, and whoever next makes one of the same name deletes it: its owner holds a file in it locked for as long as it lives.
/// </summary>
internal sealed class OwnFolder : IDisposable
{
    private const string LockName = "owner";
    private readonly FileStream _lock;

    private OwnFolder(string path)
    {
        Path = path;
        _lock = Lock(path, FileMode.CreateNew);
    }

    public string Path { get; }

    /// <param name="prefix">How its name begins.</param>
    public static OwnFolder Create(string prefix)
    {
        foreach (var left in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), prefix + "*")) Delete(left);
        return new(Directory.CreateTempSubdirectory(prefix).FullName);
    }

    public void Dispose()
    {
        // Locked until it is gone: a folder whose lock is free may be deleted by somebody else meanwhile, and two who delete are in each other's way.
        using (_lock)
        {
            if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
        }
    }

    private static void Delete(string left)
    {
        try
        {
            using var free = Lock(left, FileMode.Open);
            Directory.Delete(left, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is not one of ours, its owner lives, or a server in it is just ending.
        }
    }

    // On Unix this is flock, which the system releases with the process, however that ends.
    private static FileStream Lock(string folder, FileMode mode) => new(System.IO.Path.Combine(folder, LockName), mode, FileAccess.Write, FileShare.None);
}
