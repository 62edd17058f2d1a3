using System.Reflection;
using System.Runtime.CompilerServices;
using Strangler.Projections.Versions;

namespace Strangler.Projections.Declaring;

/// <summary>
/// Finds in a link's IL which columns its lambda reads, so that a row still has its links if another column can't be
/// read. If the lambda does anything with the row but call its plain getters, the columns are unknown.
/// </summary>
internal static class LinkColumns
{
    private const int MaxDepth = 8;

    /// <summary>The columns; null if they are unknown and any column may matter.</summary>
    public static IReadOnlySet<string>? Of(Delegate lambda, RowShape shape)
    {
        var columns = new HashSet<string>(StringComparer.Ordinal);
        var method = lambda.Method;
        if (method.IsStatic ? lambda.Target is not null : lambda.Target is null)
            return null;
        try
        {
            return IsPlain(shape) && Reads(method, method.IsStatic ? 0 : 1, shape, columns, MaxDepth) ? columns : null;
        }
        catch (Exception exception)
            when (exception
                    is InvalidOperationException
                        or ArgumentException
                        or NotSupportedException
                        or BadImageFormatException
                        or KeyNotFoundException
            )
        {
            return null; // code without IL, such as a compiled expression
        }
    }

    /// <summary>
    /// Whether the method reads nothing from the argument at <paramref name="row"/> but the collected columns.
    /// </summary>
    private static bool Reads(MethodBase method, int row, RowShape shape, HashSet<string> columns, int depth)
    {
        if (depth == 0 || method.GetMethodBody()?.GetILAsByteArray() is not { } il)
            return false;
        var code = Instruction.Read(il).ToList();
        for (var at = 0; at < code.Count; at++)
        {
            if (Argument(code[at]) is not var (index, isLoad) || index != row)
                continue;
            if (!isLoad || at + 1 == code.Count)
                return false;
            switch (code[at + 1])
            {
                case { Code: 0x2C or 0x2D or 0x39 or 0x3A }: // brfalse, brtrue: whether there is a row
                    break;
                case { Code: 0x28 or 0x6F, Token: { } token } // call, callvirt
                    when Resolve(method, token) is MethodInfo getter && IsGetter(getter, shape):
                    if (Property(getter, shape) is { } property)
                        columns.Add(property.Column.Name);
                    else if (!Reads(getter, 0, shape, columns, depth - 1))
                        return false;
                    break;
                default:
                    return false;
            }
        }
        return true;
    }

    private static bool IsGetter(MethodInfo method, RowShape shape) =>
        method is { IsStatic: false, IsGenericMethod: false }
        && method.GetParameters().Length == 0
        && method.DeclaringType == shape.Type
        && method.Name.StartsWith("get_", StringComparison.Ordinal);

    /// <summary>The column's property whose getter this is, if it only returns the value.</summary>
    private static RowProperty? Property(MethodInfo getter, RowShape shape) =>
        IsPlain(getter)
            ? shape.Properties.FirstOrDefault(property => property.Property.Name == getter.Name[4..])
            : null;

    /// <summary>Whether the compiler generated it, as for a property without a body.</summary>
    private static bool IsPlain(MethodInfo? accessor) =>
        accessor?.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) is true;

    /// <summary>
    /// Whether creating the row stores every value in its own property and does nothing else with it.
    /// </summary>
    private static bool IsPlain(RowShape shape)
    {
        var parameters = shape.Constructor.GetParameters();
        if (!shape.Properties.Skip(parameters.Length).All(property => IsPlain(property.Property.SetMethod)))
            return false;
        if (parameters.Length == 0)
            return true;
        if (shape.Constructor.GetMethodBody()?.GetILAsByteArray() is not { } il)
            return false;
        var code = Instruction.Read(il).Where(one => one.Code != 0).ToList(); // nop
        for (var at = 0; at < code.Count; )
        {
            if (Argument(code[at]) is not (0, true))
                return at == code.Count - 1 && code[at].Code == 0x2A; // ret
            if (
                at + 1 < code.Count
                && code[at + 1] is { Code: 0x28, Token: { } called } // call
                && Resolve(shape.Constructor, called)?.DeclaringType == typeof(object)
            )
            {
                at += 2;
                continue;
            }
            if (at + 2 >= code.Count || code[at + 2] is not { Code: 0x7D, Token: { } stored })
                return false; // stfld
            if (Argument(code[at + 1]) is not var (index, isLoad) || !isLoad || index == 0)
                return false;
            var field = shape.Constructor.Module.ResolveField(stored, shape.Type.GetGenericArguments(), null);
            var own = $"<{parameters[index - 1].Name}>k__BackingField";
            if (!string.Equals(field?.Name, own, StringComparison.OrdinalIgnoreCase))
                return false;
            at += 3;
        }
        return false;
    }

    private static MethodBase? Resolve(MethodBase method, int token)
    {
        var arguments = method.IsConstructor ? null : method.GetGenericArguments();
        return method.Module.ResolveMethod(token, method.DeclaringType?.GetGenericArguments(), arguments);
    }

    /// <summary>
    /// The argument that an instruction names, and whether it only loads its value; null for all others.
    /// </summary>
    private static (int Index, bool IsLoad)? Argument(Instruction instruction) =>
        instruction.Code switch
        {
            >= 0x02 and <= 0x05 => (instruction.Code - 0x02, true), // ldarg.0 to ldarg.3
            0x0E => (instruction.Operand.Span[0], true), // ldarg.s
            0x0F or 0x10 => (instruction.Operand.Span[0], false), // ldarga.s, starg.s
            0xFE09 => (BitConverter.ToUInt16(instruction.Operand.Span), true), // ldarg
            0xFE0A or 0xFE0B => (BitConverter.ToUInt16(instruction.Operand.Span), false), // ldarga, starg
            _ => null,
        };
}
