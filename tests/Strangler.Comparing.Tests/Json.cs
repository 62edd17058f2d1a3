using System.Globalization;
using System.Text;

namespace Strangler.Comparing.Tests;

/// <summary>JSON that a test creates, changes and writes in many spellings.</summary>
internal abstract record Json
{
    private Json() { }

    public sealed record Null : Json;

    public sealed record Bool(bool Value) : Json;

    /// <summary>A number as digits times a power of ten.</summary>
    public sealed record Num(long Digits, int Power) : Json;

    public sealed record Str(string Value) : Json;

    public sealed record Arr(List<Json> Items) : Json;

    public sealed record Obj(List<(string Name, Json Value)> Members) : Json;

    /// <summary>The same value each time for the same seed.</summary>
    public static Json Random(Random random, int depth)
    {
        switch (random.Next(depth > 0 ? 8 : 5))
        {
            case 0:
                return new Null();
            case 1:
                return new Bool(random.Next(2) == 0);
            case 2:
                return new Num(random.Next(-50, 50), random.Next(-3, 4));
            case 3:
                return new Num(random.NextInt64(), random.Next(-400, 400));
            case 4:
                return new Str(Text(random));
            case 5:
                return new Arr([.. Enumerable.Range(0, random.Next(6)).Select(_ => Random(random, depth - 1))]);
            default:
                return Object(random, depth - 1);
        }
    }

    public static Obj Object(Random random, int depth)
    {
        var names = new HashSet<string>();
        for (var at = random.Next(6); at > 0; at--)
            names.Add(random.Next(3) == 0 ? Text(random) : "abcdefgh"[random.Next(8)].ToString());
        return new Obj([.. names.Select(name => (name, Random(random, depth)))]);
    }

    /// <summary>Plainly, in the order of its members.</summary>
    public override string ToString() => Write(null);

    /// <summary>With members, whitespace, escapes and numbers as the random numbers decide.</summary>
    public string Write(Random? dice)
    {
        var text = new StringBuilder();
        Write(this, text, dice);
        return text.ToString();
    }

    /// <summary>This place and every place below, with its path.</summary>
    public IEnumerable<(string Path, Json Value)> Places(string path = "$")
    {
        yield return (path, this);
        var below = this switch
        {
            Arr array => array.Items.Select(
                (item, index) => (Path: $"{path}[{index.ToString(CultureInfo.InvariantCulture)}]", Value: item)
            ),
            Obj members => members.Members.Select(member => (Path: path + Step(member.Name), member.Value)),
            _ => [],
        };
        foreach (var place in below.SelectMany(child => child.Value.Places(child.Path)))
            yield return place;
    }

    /// <summary>A copy with another value at a place.</summary>
    public Json With(string at, Func<Json, Json?> change, string path = "$")
    {
        if (path == at)
            return change(this)!;
        switch (this)
        {
            case Arr array:
                var items = array.Items.Select(
                    (item, index) => (At: $"{path}[{index.ToString(CultureInfo.InvariantCulture)}]", Item: item)
                );
                return new Arr([
                    .. items
                        .Select(item => item.At == at ? change(item.Item) : item.Item.With(at, change, item.At))
                        .OfType<Json>(),
                ]);
            case Obj members:
                return new Obj([
                    .. members
                        .Members.Select(member =>
                            (
                                member.Name,
                                Value: path + Step(member.Name) == at
                                    ? change(member.Value)
                                    : member.Value.With(at, change, path + Step(member.Name))
                            )
                        )
                        .Where(member => member.Value is not null)
                        .Select(member => (member.Name, member.Value!)),
                ]);
            default:
                return this;
        }
    }

    /// <summary>One step of a normalized path, implemented separately from the tested code.</summary>
    private static string Step(string name)
    {
        if (
            name.Length > 0
            && !char.IsAsciiDigit(name[0])
            && name.All(character =>
                char.IsAsciiLetterOrDigit(character)
                || character is '_' or >= '\u0080' and not (>= '\ud800' and <= '\udfff')
            )
        )
            return "." + name;
        var text = new StringBuilder("['");
        for (var at = 0; at < name.Length; at++)
        {
            text.Append(
                name[at] switch
                {
                    '\'' => "\\'",
                    '\\' => "\\\\",
                    '\n' => "\\n",
                    var control and < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)control:x4}"),
                    var half when char.IsSurrogate(half) && !IsPaired(name, at) => string.Create(
                        CultureInfo.InvariantCulture,
                        $"\\u{(int)half:x4}"
                    ),
                    var plain => plain.ToString(),
                }
            );
        }
        return text.Append("']").ToString();
    }

    private static bool IsPaired(string text, int at) =>
        char.IsHighSurrogate(text[at])
            ? at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])
            : at > 0 && char.IsHighSurrogate(text[at - 1]);

    private static string Text(Random random)
    {
        string[] pieces = ["a", "B", "ß", "€", "𝄞", "\"", "\\", "/", "\n", "\0", "'", " ", "7", "\ud800", "_"];
        return string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => pieces[random.Next(pieces.Length)]));
    }

    private static void Write(Json json, StringBuilder text, Random? dice)
    {
        Blank(text, dice);
        switch (json)
        {
            case Null:
                text.Append("null");
                break;
            case Bool boolean:
                text.Append(boolean.Value ? "true" : "false");
                break;
            case Num number:
                text.Append(Number(number, dice));
                break;
            case Str words:
                WriteText(words.Value, text, dice);
                break;
            case Arr array:
                text.Append('[');
                for (var at = 0; at < array.Items.Count; at++)
                {
                    if (at > 0)
                        text.Append(',');
                    Write(array.Items[at], text, dice);
                }
                text.Append(']');
                break;
            case Obj members:
                text.Append('{');
                var shuffled = members.Members.ToArray();
                dice?.Shuffle(shuffled);
                for (var at = 0; at < shuffled.Length; at++)
                {
                    if (at > 0)
                        text.Append(',');
                    Blank(text, dice);
                    WriteText(shuffled[at].Name, text, dice);
                    text.Append(':');
                    Write(shuffled[at].Value, text, dice);
                }
                text.Append('}');
                break;
        }
        Blank(text, dice);
    }

    private static string Number(Num number, Random? dice)
    {
        var digits = number.Digits.ToString(CultureInfo.InvariantCulture);
        switch (dice?.Next(5) ?? 0)
        {
            case 0:
                return string.Create(CultureInfo.InvariantCulture, $"{digits}e{number.Power}");
            case 1:
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{digits}.000E{(number.Power < 0 ? "" : "+")}{number.Power}"
                );
            case 2 when number.Digits != 0:
                return string.Create(CultureInfo.InvariantCulture, $"{digits}00e{number.Power - 2}");
            case 3 when number.Power is >= 0 and < 20:
                return number.Digits == 0 ? "-0" : digits + new string('0', number.Power);
            default:
                var (sign, plain) = digits[0] == '-' ? ("-", digits[1..]) : ("", digits);
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{sign}0.00{plain}e{number.Power + plain.Length + 2}"
                );
        }
    }

    private static void WriteText(string value, StringBuilder text, Random? dice)
    {
        text.Append('"');
        for (var at = 0; at < value.Length; at++)
        {
            var character = value[at];
            if (char.IsHighSurrogate(character) && IsPaired(value, at) && dice?.Next(2) != 0)
                text.Append(character).Append(value[++at]);
            else if (character < ' ' || char.IsSurrogate(character) || dice?.Next(4) == 0)
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else if (character is '"' or '\\')
                text.Append('\\').Append(character);
            else
                text.Append(character);
        }
        text.Append('"');
    }

    private static void Blank(StringBuilder text, Random? dice)
    {
        if (dice?.Next(4) == 0)
            text.Append(" \n\t"[dice.Next(3)]);
    }
}
