using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text;
using Strangler.Foundation.Cultures;

namespace Strangler.Projections.Versions;

/// <summary>
/// The version of a team's code: a hash over what its assembly, and the referenced assemblies next to it, do. The same
/// source built elsewhere has the same version; a changed rule, constant, attribute or resource changes it. These don't
/// count: the module's id, paths, debug data, attributes of the assembly (its version, its commit), the framework, and
/// the contract that projections are written against.
/// </summary>
internal static class CodeVersion
{
    private const string Contract = "Strangler.Projections.Abstractions";
    private static readonly string Framework = Path.GetDirectoryName(typeof(object).Assembly.Location) ?? "";
    private static readonly string AspNetCore = Path.Combine(
        Path.GetDirectoryName(Path.GetDirectoryName(Framework)) ?? "",
        "Microsoft.AspNetCore.App",
        Path.GetFileName(Framework)
    );

    /// <summary>The version in 64 hexadecimal digits, of which the first 16 are enough to display.</summary>
    /// <param name="path">The team's assembly.</param>
    /// <param name="cultures">
    /// The source of the process's culture data: with other data, the same code formats and sorts differently.
    /// </param>
    /// <exception cref="BadImageFormatException">The file isn't an assembly.</exception>
    public static string Of(string path, string cultures = CultureData.Invariant) => Read(path, cultures).Version;

    /// <summary>The version, and what it is computed from.</summary>
    /// <inheritdoc cref="Of"/>
    public static (string Version, ProjectionCode Code) Read(string path, string cultures)
    {
        var hashes = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        Collect(path, hashes);
        return (Hash(hashes, cultures), new ProjectionCode(Hash(hashes, CultureData.Invariant), cultures));
    }

    private static string Hash(SortedDictionary<string, byte[]> hashes, string cultures)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, hash) in hashes)
        {
            whole.AppendData(Encoding.UTF8.GetBytes(name + "\n"));
            whole.AppendData(hash);
        }
        if (cultures != CultureData.Invariant)
            whole.AppendData(Encoding.UTF8.GetBytes($"cultures {cultures}\n"));
        return Convert.ToHexStringLower(whole.GetHashAndReset());
    }

    private static void Collect(string path, SortedDictionary<string, byte[]> hashes)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        using var image = new PEReader(stream);
        if (!image.HasMetadata)
            throw new BadImageFormatException($"'{path}' is not a .NET assembly.");
        var reader = image.GetMetadataReader();
        if (!reader.IsAssembly)
            throw new BadImageFormatException($"'{path}' is not a .NET assembly.");
        if (
            !hashes.TryAdd(
                reader.GetString(reader.GetAssemblyDefinition().Name),
                new AssemblyCode(image, reader).Hash()
            )
        )
            return;

        var folder = Path.GetDirectoryName(path)!;
        foreach (var handle in reader.AssemblyReferences)
        {
            var name = reader.GetString(reader.GetAssemblyReference(handle).Name);
            var beside = Path.Combine(folder, name + ".dll");
            if (name != Contract && !hashes.ContainsKey(name) && File.Exists(beside) && !IsFramework(name))
                Collect(beside, hashes);
        }
    }

    /// <summary>
    /// In a self-contained program everything is in one folder, so only names identify the framework.
    /// </summary>
    private static bool IsFramework(string name) =>
        Framework == Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)
            ? name is "System" or "mscorlib" or "netstandard"
                || name.StartsWith("System.", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.", StringComparison.Ordinal)
            : File.Exists(Path.Combine(Framework, name + ".dll"))
                || File.Exists(Path.Combine(AspNetCore, name + ".dll"));
}
