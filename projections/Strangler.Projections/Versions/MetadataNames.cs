using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Text.RegularExpressions;

namespace Strangler.Projections.Versions;

/// <summary>Turns tokens, whose numbers change with every member added anywhere, into names, which do not. Assembly references are named without their version.</summary>
internal sealed partial class MetadataNames(MetadataReader reader)
{
    private readonly SignatureNames _signatures = new();

    public string Of(EntityHandle handle)
    {
        if (handle.IsNil) return "";
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition: return Type((TypeDefinitionHandle)handle);
            case HandleKind.TypeReference: return Type((TypeReferenceHandle)handle);
            case HandleKind.TypeSpecification: return reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_signatures, this);
            case HandleKind.FieldDefinition:
                var field = reader.GetFieldDefinition((FieldDefinitionHandle)handle);
                return $"{Type(field.GetDeclaringType())}::{Name(field.Name)} {field.DecodeSignature(_signatures, this)}";
            case HandleKind.MethodDefinition:
                var method = reader.GetMethodDefinition((MethodDefinitionHandle)handle);
                return $"{Type(method.GetDeclaringType())}::{Name(method.Name)} {Signature(method.DecodeSignature(_signatures, this))}";
            case HandleKind.MemberReference:
                var member = reader.GetMemberReference((MemberReferenceHandle)handle);
                return $"{Of(member.Parent)}::{Name(member.Name)} {(member.GetKind() == MemberReferenceKind.Field ? member.DecodeFieldSignature(_signatures, this) : Signature(member.DecodeMethodSignature(_signatures, this)))}";
            case HandleKind.MethodSpecification:
                var specification = reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                return $"{Of(specification.Method)}<{string.Join(",", specification.DecodeSignature(_signatures, this))}>";
            case HandleKind.StandaloneSignature:
                var signature = reader.GetStandaloneSignature((StandaloneSignatureHandle)handle);
                return signature.GetKind() == StandaloneSignatureKind.Method ? Signature(signature.DecodeMethodSignature(_signatures, this)) : string.Join(",", signature.DecodeLocalSignature(_signatures, this));
            case HandleKind.ModuleReference: return reader.GetString(reader.GetModuleReference((ModuleReferenceHandle)handle).Name);
            case HandleKind.AssemblyReference: return reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)handle).Name);
            default: return handle.Kind.ToString();
        }
    }

    /// <summary>The name of what a token in IL stands for, or the text of a string.</summary>
    public string OfToken(int token)
    {
        var handle = MetadataTokens.Handle(token);
        return handle.Kind == HandleKind.UserString ? reader.GetUserString((UserStringHandle)handle) : Of((EntityHandle)handle);
    }

    public string Type(TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        var declaring = type.GetDeclaringType();
        return declaring.IsNil ? $"{reader.GetString(type.Namespace)}.{Name(type.Name)}" : $"{Type(declaring)}/{Name(type.Name)}";
    }

    public string Type(TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{Type((TypeReferenceHandle)type.ResolutionScope)}/{Name(type.Name)}"
            : $"[{Of(type.ResolutionScope)}]{reader.GetString(type.Namespace)}.{Name(type.Name)}";
    }

    public string FieldType(FieldDefinition field) => field.DecodeSignature(_signatures, this);

    public string Property(PropertyDefinition property) => $"{Name(property.Name)} {Signature(property.DecodeSignature(_signatures, this))}";

    /// <summary>A name as it is, but for the hash of a source file's path, which the compiler puts into the name of a <c>file</c> type.</summary>
    public string Name(StringHandle handle)
    {
        var name = reader.GetString(handle);
        return name.StartsWith('<') ? FilePathHash().Replace(name, ">F__") : name;
    }

    private static string Signature(MethodSignature<string> signature) =>
        $"{signature.Header}`{signature.GenericParameterCount} {signature.ReturnType}({string.Join(",", signature.ParameterTypes)}){(signature.RequiredParameterCount == signature.ParameterTypes.Length ? "" : signature.RequiredParameterCount)}";

    [GeneratedRegex(">F[0-9A-F]{64}__")]
    private static partial Regex FilePathHash();
}
