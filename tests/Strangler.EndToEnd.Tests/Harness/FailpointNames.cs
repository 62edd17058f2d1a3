using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Strangler.EndToEnd.Tests.Harness;

/// <summary>
/// The named points at which built code can be killed, read from its IL, so that tests have to hit each new point.
/// </summary>
internal static class FailpointNames
{
    private const string Pass = "Pass";
    private const int CallLength = 10;

    /// <summary>
    /// Every literal that is passed directly to a method <c>Pass</c>: <c>Failpoint.Pass</c> itself, or a wrapper with
    /// that name.
    /// </summary>
    public static IReadOnlyList<string> In(string assembly)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly)));
        var metadata = file.GetMetadataReader();
        return
        [
            .. metadata
                .MethodDefinitions.Select(handle => metadata.GetMethodDefinition(handle))
                .Where(method => method.RelativeVirtualAddress != 0)
                .SelectMany(method =>
                    In(metadata, file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes() ?? [])
                )
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    // ldstr <token of the string heap>, call or callvirt <token of the method> (ECMA-335, III.4.16, III.3.19).
    private static IEnumerable<string> In(MetadataReader metadata, byte[] code)
    {
        for (var at = 0; at + CallLength <= code.Length; at++)
        {
            if (
                code[at] != (byte)ILOpCode.Ldstr
                || code[at + 4] != 0x70
                || code[at + 5] is not ((byte)ILOpCode.Call or (byte)ILOpCode.Callvirt)
            )
                continue;
            if (
                NameOf(
                    metadata,
                    MetadataTokens.EntityHandle(BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at + 6)))
                ) != Pass
            )
                continue;
            yield return metadata.GetUserString(
                MetadataTokens.UserStringHandle(BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at + 1)) & 0xFFFFFF)
            );
        }
    }

    private static string? NameOf(MetadataReader metadata, EntityHandle method) =>
        method.Kind switch
        {
            HandleKind.MemberReference => metadata.GetString(
                metadata.GetMemberReference((MemberReferenceHandle)method).Name
            ),
            HandleKind.MethodDefinition => metadata.GetString(
                metadata.GetMethodDefinition((MethodDefinitionHandle)method).Name
            ),
            _ => null,
        };
}
