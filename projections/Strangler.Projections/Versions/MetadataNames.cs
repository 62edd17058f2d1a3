using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Text.RegularExpressions;

namespace Strangler.Projections.Versions;

/// <summary>
/// Turns tokens, whose numbers change whenever a member is added anywhere, into names, which don't change. Names of
/// assembly references omit the version.
/// </summary>
internal sealed partial class MetadataNames
{
    private readonly MetadataReader _reader;
    private readonly SignatureNames _signatures;
    private readonly Dictionary<EntityHandle, string> _names = [];

    public MetadataNames(MetadataReader reader)
    {
        _reader = reader;
        _signatures = new(this);
    }

    public string Of(EntityHandle handle)
    {
        if (handle.IsNil)
            return "";
        if (!_names.TryGetValue(handle, out var name))
            _names.Add(handle, name = Make(handle));
        return name;
    }

    private string Make(EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                return Defined((TypeDefinitionHandle)handle);
            case HandleKind.TypeReference:
                return Referenced((TypeReferenceHandle)handle);
            case HandleKind.TypeSpecification:
                return _reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_signatures, this);
            case HandleKind.FieldDefinition:
                var field = _reader.GetFieldDefinition((FieldDefinitionHandle)handle);
                return $"{Of(field.GetDeclaringType())}::{Name(field.Name)} {field.DecodeSignature(_signatures, this)}";
            case HandleKind.MethodDefinition:
                var method = _reader.GetMethodDefinition((MethodDefinitionHandle)handle);
                return $"{Of(method.GetDeclaringType())}::{Name(method.Name)} "
                    + $"{Signature(method.DecodeSignature(_signatures, this))}";
            case HandleKind.MemberReference:
                var member = _reader.GetMemberReference((MemberReferenceHandle)handle);
                var ofMember =
                    member.GetKind() == MemberReferenceKind.Field
                        ? member.DecodeFieldSignature(_signatures, this)
                        : Signature(member.DecodeMethodSignature(_signatures, this));
                return $"{Of(member.Parent)}::{Name(member.Name)} {ofMember}";
            case HandleKind.MethodSpecification:
                var specification = _reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                var arguments = specification.DecodeSignature(_signatures, this);
                return $"{Of(specification.Method)}<{string.Join(",", arguments)}>";
            case HandleKind.StandaloneSignature:
                var signature = _reader.GetStandaloneSignature((StandaloneSignatureHandle)handle);
                return signature.GetKind() == StandaloneSignatureKind.Method
                    ? Signature(signature.DecodeMethodSignature(_signatures, this))
                    : string.Join(",", signature.DecodeLocalSignature(_signatures, this));
            case HandleKind.ModuleReference:
                return _reader.GetString(_reader.GetModuleReference((ModuleReferenceHandle)handle).Name);
            case HandleKind.AssemblyReference:
                return _reader.GetString(_reader.GetAssemblyReference((AssemblyReferenceHandle)handle).Name);
            default:
                return handle.Kind.ToString();
        }
    }

    /// <summary>The name of the member that a token in IL refers to, or the text of a string.</summary>
    public string OfToken(int token)
    {
        var handle = MetadataTokens.Handle(token);
        return handle.Kind == HandleKind.UserString
            ? _reader.GetUserString((UserStringHandle)handle)
            : Of((EntityHandle)handle);
    }

    private string Defined(TypeDefinitionHandle handle)
    {
        var type = _reader.GetTypeDefinition(handle);
        var declaring = type.GetDeclaringType();
        return declaring.IsNil
            ? $"{_reader.GetString(type.Namespace)}.{Name(type.Name)}"
            : $"{Of(declaring)}/{Name(type.Name)}";
    }

    private string Referenced(TypeReferenceHandle handle)
    {
        var type = _reader.GetTypeReference(handle);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{Of(type.ResolutionScope)}/{Name(type.Name)}"
            : $"[{Of(type.ResolutionScope)}]{_reader.GetString(type.Namespace)}.{Name(type.Name)}";
    }

    public string FieldType(FieldDefinition field) => field.DecodeSignature(_signatures, this);

    public string Property(PropertyDefinition property) =>
        $"{Name(property.Name)} {Signature(property.DecodeSignature(_signatures, this))}";

    /// <summary>
    /// A name without the hash of a source file's path, which the compiler puts into the name of a <c>file</c> type.
    /// </summary>
    public string Name(StringHandle handle)
    {
        var name = _reader.GetString(handle);
        return name.StartsWith('<') ? FilePathHash().Replace(name, ">F__") : name;
    }

    private static string Signature(MethodSignature<string> signature)
    {
        var parameters = string.Join(",", signature.ParameterTypes);
        var required = signature.RequiredParameterCount;
        return $"{signature.Header}`{signature.GenericParameterCount} {signature.ReturnType}({parameters})"
            + $"{(required == signature.ParameterTypes.Length ? "" : required)}";
    }

    [GeneratedRegex(">F[0-9A-F]{64}__")]
    private static partial Regex FilePathHash();
}
