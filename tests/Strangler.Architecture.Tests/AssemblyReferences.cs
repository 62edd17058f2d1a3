using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Strangler.Projections.Versions;

namespace Strangler.Architecture.Tests;

/// <summary>What an assembly refers to, read from its metadata and IL without loading it.</summary>
internal sealed partial class AssemblyReferences : IDisposable
{
    private readonly PEReader _image;
    private readonly MetadataReader _reader;
    private readonly MetadataNames _names;

    public AssemblyReferences(string path)
    {
        _image = new PEReader(File.OpenRead(path));
        _reader = _image.GetMetadataReader();
        _names = new MetadataNames(_reader);
    }

    /// <summary>The assembly of a project, next to these tests.</summary>
    public static AssemblyReferences Of(string project) =>
        new(Path.Combine(AppContext.BaseDirectory, Rooms.Assembly(project) + ".dll"));

    /// <summary>Simple names of the referenced assemblies.</summary>
    public IReadOnlyList<string> Assemblies =>
        [.. _reader.AssemblyReferences.Select(handle => _reader.GetString(_reader.GetAssemblyReference(handle).Name))];

    /// <summary>Referenced types of other assemblies, such as <c>[Npgsql]Npgsql.NpgsqlCommand</c>.</summary>
    public IReadOnlyList<string> Types => [.. _reader.TypeReferences.Select(handle => _names.Of(handle))];

    /// <summary>The string literals in its code.</summary>
    public IEnumerable<string> Texts()
    {
        for (
            var handle = System.Reflection.Metadata.Ecma335.MetadataTokens.UserStringHandle(1);
            !handle.IsNil;
            handle = System.Reflection.Metadata.Ecma335.MetadataReaderExtensions.GetNextHandle(_reader, handle)
        )
            yield return _reader.GetUserString(handle);
    }

    /// <summary>
    /// What each type in a namespace and below references in signatures, base types, constraints, attributes and code;
    /// nested types, such as compiled lambdas and async methods, count as part of their outer type.
    /// </summary>
    public IEnumerable<(string Type, string Reference)> Uses(string name)
    {
        foreach (var handle in _reader.TypeDefinitions)
        {
            var outer = Outermost(handle);
            var definition = _reader.GetTypeDefinition(outer);
            var place = _reader.GetString(definition.Namespace);
            if (place != name && !place.StartsWith(name + ".", StringComparison.Ordinal))
                continue;
            foreach (var reference in Uses(_reader.GetTypeDefinition(handle)))
                yield return (_reader.GetString(definition.Name), reference);
        }
    }

    /// <summary>Its namespaces, those that a compiler adds left out.</summary>
    public IReadOnlyCollection<string> Namespaces =>
        [
            .. _reader
                .TypeDefinitions.Select(handle => _reader.GetString(_reader.GetTypeDefinition(handle).Namespace))
                .Where(name => name.Split('.')[0] is "Strangler" or "Shop")
                .Distinct(),
        ];

    /// <summary>Which of its namespaces refers to which other one of its own.</summary>
    public IReadOnlySet<(string From, string To)> NamespaceUses()
    {
        var places = new Dictionary<string, string>();
        foreach (var handle in _reader.TypeDefinitions)
        {
            var type = _reader.GetTypeDefinition(handle);
            var place = _reader.GetString(type.Namespace);
            if (!type.IsNested && place.Length > 0)
                places[$"{place}.{_reader.GetString(type.Name).Split('`')[0]}"] = place;
        }
        var uses = new HashSet<(string, string)>();
        foreach (var handle in _reader.TypeDefinitions)
        {
            var from = _reader.GetString(_reader.GetTypeDefinition(Outermost(handle)).Namespace);
            if (!places.ContainsValue(from))
                continue;
            foreach (var reference in Uses(_reader.GetTypeDefinition(handle)))
            {
                foreach (Match name in TypeName().Matches(reference))
                {
                    if (places.TryGetValue(name.Value, out var to) && to != from)
                        uses.Add((from, to));
                }
            }
        }
        return uses;
    }

    /// <summary>Which of its namespaces refer to another assembly.</summary>
    public IReadOnlySet<string> NamespacesThatUse(string assembly) =>
        _reader
            .TypeDefinitions.Where(handle =>
                Uses(_reader.GetTypeDefinition(handle))
                    .Any(reference => reference.Contains($"[{assembly}]", StringComparison.Ordinal))
            )
            .Select(handle => _reader.GetString(_reader.GetTypeDefinition(Outermost(handle)).Namespace))
            .ToHashSet();

    [GeneratedRegex(@"[A-Za-z_][\w.]*")]
    private static partial Regex TypeName();

    public void Dispose() => _image.Dispose();

    private TypeDefinitionHandle Outermost(TypeDefinitionHandle handle) =>
        _reader.GetTypeDefinition(handle).GetDeclaringType() is { IsNil: false } declaring
            ? Outermost(declaring)
            : handle;

    private IEnumerable<string> Attributes(CustomAttributeHandleCollection attributes) =>
        attributes.Select(attribute => _names.Of(_reader.GetCustomAttribute(attribute).Constructor));

    private IEnumerable<string> Constraints(GenericParameterHandleCollection parameters) =>
        parameters
            .SelectMany(parameter => _reader.GetGenericParameter(parameter).GetConstraints())
            .Select(constraint => _names.Of(_reader.GetGenericParameterConstraint(constraint).Type));

    private IEnumerable<string> Uses(TypeDefinition type)
    {
        yield return _names.Of(type.BaseType);
        foreach (var contract in type.GetInterfaceImplementations())
            yield return _names.Of(_reader.GetInterfaceImplementation(contract).Interface);
        foreach (var use in Attributes(type.GetCustomAttributes()).Concat(Constraints(type.GetGenericParameters())))
            yield return use;
        foreach (var property in type.GetProperties())
        {
            foreach (var use in Attributes(_reader.GetPropertyDefinition(property).GetCustomAttributes()))
                yield return use;
        }
        foreach (var field in type.GetFields())
        {
            yield return _names.Of(field);
            foreach (var use in Attributes(_reader.GetFieldDefinition(field).GetCustomAttributes()))
                yield return use;
        }
        foreach (var handle in type.GetMethods())
        {
            yield return _names.Of(handle);
            var method = _reader.GetMethodDefinition(handle);
            foreach (
                var use in Attributes(method.GetCustomAttributes()).Concat(Constraints(method.GetGenericParameters()))
            )
                yield return use;
            foreach (var parameter in method.GetParameters())
            {
                foreach (var use in Attributes(_reader.GetParameter(parameter).GetCustomAttributes()))
                    yield return use;
            }
            if (method.RelativeVirtualAddress == 0)
                continue;
            var body = _image.GetMethodBody(method.RelativeVirtualAddress);
            yield return _names.Of(body.LocalSignature);
            foreach (var instruction in Instruction.Read(body.GetILBytes() ?? []))
            {
                if (instruction.Token is { } token && token >> 24 != 0x70)
                    yield return _names.OfToken(token); // 0x70: a string
            }
        }
    }
}
