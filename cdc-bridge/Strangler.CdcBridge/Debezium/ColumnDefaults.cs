using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Debezium;

/// <summary>
/// The default of a column as the connector puts it into the schema, from PostgreSQL's expression: a literal's value,
/// the type's zero for a function, and nothing for anything else.
/// </summary>
internal static partial class ColumnDefaults
{
    /// <param name="expression">As <c>pg_get_expr</c> writes it; null for none.</param>
    /// <returns>JSON; null for no default.</returns>
    public static byte[]? Of(TypeModel type, string? expression, ValueFormat format)
    {
        if (expression is null || type.IsDomain || type.ElementOid != 0 || !format.HasDefaults)
            return null;
        if (Text(type, expression) is not { } text)
            return null;
        var json = new ArrayBufferWriter<byte>();
        try
        {
            format.Encode(System.Text.Encoding.UTF8.GetBytes(text), json);
        }
        catch (Exception exception)
            when (exception is FormatException or OverflowException or ArgumentException or IndexOutOfRangeException)
        {
            return null; // not a literal
        }
        return json.WrittenSpan.SequenceEqual("null"u8) ? null : json.WrittenSpan.ToArray();
    }

    /// <summary>The value in PostgreSQL's text.</summary>
    private static string? Text(TypeModel type, string expression) =>
        type.BaseName switch
        {
            "bit" => Literal(expression, "00"),
            "varbit" => Literal(expression, "0"),
            "bool" => Literal(expression, "false") is { } text
                ? text.Equals("true", StringComparison.OrdinalIgnoreCase)
                    ? "t"
                    : "f"
                : null,
            "bpchar" or "varchar" or "text" or "xml" => Literal(expression, ""),
            "numeric" => Literal(expression, "0.0") is { } text ? Plain(text, TypeLength.Of(type).Scale) : null,
            "float4" or "float8" => Literal(expression, "0.0"),
            "int2" => Literal(expression, "0") is { } text && short.TryParse(text, Signed, Invariant, out _)
                ? text
                : null,
            "int4" => Literal(expression, "0") is { } text && int.TryParse(text, Signed, Invariant, out _)
                ? text
                : null,
            "int8" => Literal(expression, "0") is { } text && long.TryParse(text, Signed, Invariant, out _)
                ? text
                : null,
            "json" or "jsonb" => Literal(expression, "{}"),
            "uuid" => Literal(expression, "00000000-0000-0000-0000-000000000000"),
            "date" => Literal(expression, "1970-01-01") switch
            {
                // Java's first and last day
                "infinity" => "999999999-12-31",
                "-infinity" => "1000000000-01-01 BC",
                var date => date,
            },
            "timestamp" => Literal(expression, "1970-01-01") switch
            {
                "infinity" => "999999999-12-31 23:59:59.999999",
                "-infinity" => "1000000000-01-01 00:00:00 BC",
                var timestamp => timestamp,
            },
            "timestamptz" => Literal(expression, "1970-01-01"),
            "time" => Literal(expression, "00:00"),
            "interval" => Literal(expression, "epoch"),
            _ when type.Labels.Count > 0 => Label(expression),
            _ => null,
        };

    private const NumberStyles Signed = NumberStyles.AllowLeadingSign;

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    /// <summary>A decimal with the digits of its scale; null if the text is none.</summary>
    private static string? Plain(string text, int scale)
    {
        if (!Decimal().IsMatch(text))
            return null;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? 0 : text.Length - point - 1;
        return digits >= scale ? text : text + (point < 0 ? "." : "") + new string('0', scale - digits);
    }

    private static string? Literal(string expression, string ofFunction)
    {
        if (Function().IsMatch(expression) || CurrentTimes.Contains(expression))
            return ofFunction;
        if (!expression.Contains('\'', StringComparison.Ordinal))
            return expression.StartsWith("NULL::", StringComparison.Ordinal) ? null : expression;
        var match = QuotedLiteral().Match(expression);
        return match.Success ? match.Groups[1].Value : null;
    }

    /// <summary>An enum's default is a literal that is cast to the enum.</summary>
    private static string? Label(string expression)
    {
        var cast = expression.LastIndexOf("::", StringComparison.Ordinal);
        return cast >= 2 && expression[0] == '\'' && expression[cast - 1] == '\'' ? expression[1..(cast - 1)] : null;
    }

    private static readonly HashSet<string> CurrentTimes = new(
        ["current_timestamp", "current_time", "current_date", "localtime", "localtimestamp"],
        StringComparer.OrdinalIgnoreCase
    );

    [GeneratedRegex("'(.*?)'")]
    private static partial Regex QuotedLiteral();

    [GeneratedRegex(@"^[(]?[A-Za-z0-9_.]+\((?:.+(?:, ?.+)*)?\)")]
    private static partial Regex Function();

    [GeneratedRegex(@"^-?\d*\.?\d+$")]
    private static partial Regex Decimal();
}
