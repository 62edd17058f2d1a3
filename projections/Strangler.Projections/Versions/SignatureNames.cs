using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Strangler.Projections.Versions;

/// <summary>Writes the types of signatures by their names.</summary>
internal sealed class SignatureNames(MetadataNames names) : ISignatureTypeProvider<string, MetadataNames>
{
    public string GetArrayType(string elementType, ArrayShape shape) =>
        $"{elementType}[{shape.Rank};{string.Join(",", shape.Sizes)};{string.Join(",", shape.LowerBounds)}]";

    public string GetByReferenceType(string elementType) => elementType + "&";

    public string GetFunctionPointerType(MethodSignature<string> signature) =>
        $"*{signature.Header} {signature.ReturnType}({string.Join(",", signature.ParameterTypes)})";

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) =>
        $"{genericType}<{string.Join(",", typeArguments)}>";

    public string GetGenericMethodParameter(MetadataNames genericContext, int index) => $"!!{index}";

    public string GetGenericTypeParameter(MetadataNames genericContext, int index) => $"!{index}";

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) =>
        $"{unmodifiedType} {(isRequired ? "modreq" : "modopt")}({modifier})";

    public string GetPinnedType(string elementType) => elementType + " pinned";

    public string GetPointerType(string elementType) => elementType + "*";

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

    public string GetSZArrayType(string elementType) => elementType + "[]";

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        names.Of(handle);

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        names.Of(handle);

    public string GetTypeFromSpecification(
        MetadataReader reader,
        MetadataNames genericContext,
        TypeSpecificationHandle handle,
        byte rawTypeKind
    ) => genericContext.Of(handle);
}
