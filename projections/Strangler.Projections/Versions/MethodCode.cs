using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace Strangler.Projections.Versions;

/// <summary>Writes the body of a method so that its tokens are names (ECMA-335, partition III; sizes of operands from its tables).</summary>
internal static class MethodCode
{
    private static readonly Dictionary<ushort, OperandType> Operands = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (ushort)code.Value, code => code.OperandType);

    public static void Write(BinaryWriter to, MethodBodyBlock body, MetadataNames names)
    {
        to.Write(body.LocalVariablesInitialized);
        to.Write(body.LocalSignature.IsNil ? "" : names.Of(body.LocalSignature));
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
        WriteInstructions(to, body.GetILBytes(), names);
    }

    private static void WriteInstructions(BinaryWriter to, ReadOnlySpan<byte> il, MetadataNames names)
    {
        while (il.Length > 0)
        {
            var wide = il[0] == 0xFE;
            var code = wide ? BinaryPrimitives.ReadUInt16BigEndian(il) : il[0];
            to.Write(code);
            il = il[(wide ? 2 : 1)..];
            var operand = Operands[code];
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineSig or OperandType.InlineString or OperandType.InlineTok or OperandType.InlineType)
            {
                to.Write(names.OfToken(BinaryPrimitives.ReadInt32LittleEndian(il)));
                il = il[4..];
                continue;
            }
            var size = operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(il)),
                _ => 4,
            };
            to.Write(il[..size]);
            il = il[size..];
        }
    }
}
