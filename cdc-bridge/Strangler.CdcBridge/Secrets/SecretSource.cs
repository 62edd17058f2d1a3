using Strangler.Foundation.Files;

namespace Strangler.CdcBridge.Secrets;

/// <summary>Reads secrets from files, folders and environment variables, as Kafka's own providers do.</summary>
internal static class SecretSource
{
    /// <returns>Null if it doesn't exist, or may not be read because of the provider's settings.</returns>
    /// <exception cref="IOException">It can't be read.</exception>
    public static string? Read(SecretReference reference)
    {
        try
        {
            return reference.Provider.Kind switch
            {
                ConfigProviderKind.Environment => Variable(reference),
                ConfigProviderKind.File => OfFile(reference),
                _ => OfFolder(reference),
            };
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    private static string? Variable(SecretReference reference) =>
        reference.Path.Length == 0
        && (reference.Provider.AllowedNames is not { } allowed || allowed.TryMatch(reference.Key) == true)
            ? Environment.GetEnvironmentVariable(reference.Key)
            : null;

    /// <summary>Java's provider reads the file as UTF-8, unlike a worker's own file.</summary>
    private static string? OfFile(SecretReference reference) =>
        reference.Path.Length > 0 && IsAllowed(reference, reference.Path)
            ? PropertiesFile
                .Parse(TextFile.Read(reference.Path, System.Text.Encoding.UTF8))
                .GetValueOrDefault(reference.Key)
            : null;

    /// <summary>The file's whole text, a line's end included, as Java's provider reads it.</summary>
    private static string? OfFolder(SecretReference reference)
    {
        var file = Path.Combine(reference.Path, reference.Key);
        return
            reference.Path.Length > 0
            && !reference.Key.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
            && IsAllowed(reference, file)
            && File.Exists(file)
            ? TextFile.Read(file, System.Text.Encoding.UTF8)
            : null;
    }

    private static bool IsAllowed(SecretReference reference, string path) =>
        reference.Provider.AllowedPaths.Count == 0
        || reference.Provider.AllowedPaths.Any(allowed => IsWithin(Path.GetFullPath(path), Path.GetFullPath(allowed)));

    private static bool IsWithin(string path, string folder) =>
        path == folder
        || path.StartsWith(
            folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar,
            StringComparison.Ordinal
        );
}
