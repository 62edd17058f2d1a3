using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace Strangler.Projections.Versions;

/// <summary>One instruction of a method's IL (ECMA-335, partition III).</summary>
/// <param name="Code">The operation.</param>
/// <param name="Token">The token that is its operand; null if its operand isn't a token.</param>
/// <param name="Operand">The bytes of any other operand.</param>
internal readonly record struct Instruction(ushort Code, int? Token, ReadOnlyMemory<byte> Operand)
{
    private static readonly Dictionary<ushort, OperandType> Operands = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (ushort)code.Value, code => code.OperandType);

    public static IEnumerable<Instruction> Read(byte[] il)
    {
        for (var at = 0; at < il.Length; )
        {
            var wide = il[at] == 0xFE;
            var code = wide ? BinaryPrimitives.ReadUInt16BigEndian(il.AsSpan(at)) : il[at];
            at += wide ? 2 : 1;
            var operand = Operands[code];
            if (
                operand
                is OperandType.InlineField
                    or OperandType.InlineMethod
                    or OperandType.InlineSig
                    or OperandType.InlineString
                    or OperandType.InlineTok
                    or OperandType.InlineType
            )
            {
                yield return new(code, BinaryPrimitives.ReadInt32LittleEndian(il.AsSpan(at)), default);
                at += 4;
                continue;
            }
            var size = operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(il.AsSpan(at))),
                _ => 4,
            };
            yield return new(code, null, il.AsMemory(at, size));
            at += size;
        }
    }
}
