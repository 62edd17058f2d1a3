using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;

namespace Strangler.Projections.Versions;

/// <summary>
/// Hashes what one assembly does: its types with their members, code, constants, initial data and attributes, and its
/// resources. Each member is hashed separately and the hashes are sorted, so that the order of source files doesn't
/// matter.
/// </summary>
internal sealed class AssemblyCode(PEReader image, MetadataReader reader)
{
    private readonly MetadataNames _names = new(reader);
    private readonly List<string> _parts = [];
    private ILookup<string, int>? _sizes;

    public byte[] Hash()
    {
        foreach (var handle in reader.TypeDefinitions)
            WriteType(handle);
        foreach (var handle in reader.ManifestResources)
            WriteResource(reader.GetManifestResource(handle));
        _parts.Sort(StringComparer.Ordinal);
        return SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(string.Concat(_parts)));
    }

    private void WriteType(TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        var name = _names.Of(handle);
        Part(
            "type",
            name,
            to =>
            {
                to.Write((int)type.Attributes);
                to.Write(_names.Of(type.BaseType));
                foreach (
                    var contract in type.GetInterfaceImplementations()
                        .Select(implementation =>
                            _names.Of(reader.GetInterfaceImplementation(implementation).Interface)
                        )
                        .Order(StringComparer.Ordinal)
                )
                    to.Write(contract);
                var layout = type.GetLayout();
                to.Write(layout.Size);
                to.Write(layout.PackingSize);
                WriteGenericParameters(to, type.GetGenericParameters());
                WriteAttributes(to, type.GetCustomAttributes());
            }
        );
        foreach (var field in type.GetFields())
            WriteField(name, reader.GetFieldDefinition(field), field);
        foreach (var method in type.GetMethods())
            WriteMethod(name, reader.GetMethodDefinition(method), method);
        foreach (var property in type.GetProperties())
        {
            var definition = reader.GetPropertyDefinition(property);
            Part(
                "property",
                name,
                to =>
                {
                    to.Write(_names.Property(definition));
                    to.Write((int)definition.Attributes);
                    WriteAttributes(to, definition.GetCustomAttributes());
                }
            );
        }
        foreach (var implementation in type.GetMethodImplementations().Select(reader.GetMethodImplementation))
        {
            Part(
                "override",
                name,
                to =>
                {
                    to.Write(_names.Of(implementation.MethodDeclaration));
                    to.Write(_names.Of(implementation.MethodBody));
                }
            );
        }
    }

    private void WriteField(string type, FieldDefinition field, FieldDefinitionHandle handle) =>
        Part(
            "field",
            type,
            to =>
            {
                to.Write(_names.Of(handle));
                to.Write((int)field.Attributes);
                to.Write(field.GetOffset());
                WriteConstant(to, field.GetDefaultValue());
                if (field.GetRelativeVirtualAddress() is var address and > 0)
                    to.Write(image.GetSectionData(address).GetContent(0, DataSize(field)).AsSpan());
                WriteAttributes(to, field.GetCustomAttributes());
            }
        );

    private void WriteMethod(string type, MethodDefinition method, MethodDefinitionHandle handle) =>
        Part(
            "method",
            type,
            to =>
            {
                to.Write(_names.Of(handle));
                to.Write((int)method.Attributes);
                to.Write((int)method.ImplAttributes);
                WriteGenericParameters(to, method.GetGenericParameters());
                WriteAttributes(to, method.GetCustomAttributes());
                foreach (
                    var parameter in method
                        .GetParameters()
                        .Select(reader.GetParameter)
                        .OrderBy(parameter => parameter.SequenceNumber)
                )
                {
                    to.Write(reader.GetString(parameter.Name));
                    to.Write((int)parameter.Attributes);
                    WriteConstant(to, parameter.GetDefaultValue());
                    WriteAttributes(to, parameter.GetCustomAttributes());
                }
                var import = method.GetImport();
                if (!import.Module.IsNil)
                    to.Write($"{_names.Of(import.Module)}!{reader.GetString(import.Name)}");
                if (method.RelativeVirtualAddress > 0)
                    MethodCode.Write(to, image.GetMethodBody(method.RelativeVirtualAddress), _names);
            }
        );

    private void WriteResource(ManifestResource resource) =>
        Part(
            "resource",
            reader.GetString(resource.Name),
            to =>
            {
                if (!resource.Implementation.IsNil)
                    return; // in a file or an assembly of its own
                var section = image.GetSectionData(
                    image.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress
                );
                var from = section.GetReader((int)resource.Offset, section.Length - (int)resource.Offset);
                to.Write(from.ReadBytes(from.ReadInt32()));
            }
        );

    private void WriteGenericParameters(BinaryWriter to, GenericParameterHandleCollection handles)
    {
        foreach (var parameter in handles.Select(reader.GetGenericParameter))
        {
            to.Write((int)parameter.Attributes);
            foreach (var constraint in parameter.GetConstraints())
                to.Write(_names.Of(reader.GetGenericParameterConstraint(constraint).Type));
        }
    }

    private void WriteAttributes(BinaryWriter to, CustomAttributeHandleCollection handles)
    {
        foreach (
            var attribute in handles
                .Select(reader.GetCustomAttribute)
                .Select(attribute =>
                    $"{_names.Of(attribute.Constructor)} {Convert.ToHexString(reader.GetBlobBytes(attribute.Value))}"
                )
                .Order(StringComparer.Ordinal)
        )
            to.Write(attribute);
    }

    private void WriteConstant(BinaryWriter to, ConstantHandle handle)
    {
        if (handle.IsNil)
            return;
        var constant = reader.GetConstant(handle);
        to.Write((byte)constant.TypeCode);
        to.Write(reader.GetBlobBytes(constant.Value));
    }

    /// <summary>
    /// The size of a field's initial data: that of a primitive, or of the struct that the compiler generated for it.
    /// </summary>
    private int DataSize(FieldDefinition field)
    {
        var type = _names.FieldType(field);
        if (Enum.TryParse<PrimitiveTypeCode>(type, out var primitive))
        {
            return primitive switch
            {
                PrimitiveTypeCode.Boolean or PrimitiveTypeCode.SByte or PrimitiveTypeCode.Byte => 1,
                PrimitiveTypeCode.Char or PrimitiveTypeCode.Int16 or PrimitiveTypeCode.UInt16 => 2,
                PrimitiveTypeCode.Int32 or PrimitiveTypeCode.UInt32 or PrimitiveTypeCode.Single => 4,
                _ => 8,
            };
        }
        _sizes ??= reader.TypeDefinitions.ToLookup(
            handle => _names.Of(handle),
            handle => reader.GetTypeDefinition(handle).GetLayout().Size
        );
        return _sizes[type].FirstOrDefault();
    }

    private void Part(string kind, string owner, Action<BinaryWriter> write)
    {
        using var memory = new MemoryStream();
        using var to = new BinaryWriter(memory);
        to.Write(kind);
        to.Write(owner);
        write(to);
        to.Flush();
        _parts.Add(Convert.ToHexString(SHA256.HashData(memory.GetBuffer().AsSpan(0, (int)memory.Length))));
    }
}
