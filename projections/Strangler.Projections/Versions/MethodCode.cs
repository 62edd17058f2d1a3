using System.Reflection.Metadata;

namespace Strangler.Projections.Versions;

/// <summary>Writes the body of a method so that its tokens are names.</summary>
internal static class MethodCode
{
    public static void Write(BinaryWriter to, MethodBodyBlock body, MetadataNames names)
    {
        to.Write(body.LocalVariablesInitialized);
        to.Write(names.Of(body.LocalSignature));
        foreach (var region in body.ExceptionRegions)
        {
            to.Write((int)region.Kind);
            to.Write(region.TryOffset);
            to.Write(region.TryLength);
            to.Write(region.HandlerOffset);
            to.Write(region.HandlerLength);
            to.Write(region.Kind == ExceptionRegionKind.Filter ? region.FilterOffset : 0);
            to.Write(region.Kind == ExceptionRegionKind.Catch ? names.Of(region.CatchType) : "");
        }
        foreach (var instruction in Instruction.Read(body.GetILBytes() ?? []))
        {
            to.Write(instruction.Code);
            if (instruction.Token is { } token)
                to.Write(names.OfToken(token));
            else
                to.Write(instruction.Operand.Span);
        }
    }
}
