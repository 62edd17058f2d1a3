using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.Loader;

namespace Strangler.Projections.Loading;

/// <summary>
/// Loads a team's assembly with the packages next to it, isolated from ours, so that it can use other versions. Only
/// the contract, and the assemblies that the contract's members use, are shared, so that their types are the same on
/// both sides.
/// </summary>
internal sealed class TeamAssembly(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
{
    private static readonly Assembly Contract = typeof(IProjection<,>).Assembly;
    private static readonly FrozenSet<string> Shared = Contract
        .GetReferencedAssemblies()
        .Append(Contract.GetName())
        .Select(name => name.Name!)
        .ToFrozenSet();
    private readonly AssemblyDependencyResolver _resolver = new(path);

    /// <exception cref="BadImageFormatException">The file isn't an assembly.</exception>
    public Assembly Load() => LoadFromAssemblyPath(path);

    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name is { } name
        && !Shared.Contains(name)
        && _resolver.ResolveAssemblyToPath(assemblyName) is { } found
            ? LoadFromAssemblyPath(found)
            : null;

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found ? LoadUnmanagedDllFromPath(found) : 0;
}
