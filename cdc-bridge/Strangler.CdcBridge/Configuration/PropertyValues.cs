using System.Collections.Immutable;
using System.Globalization;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Patterns;

namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// Reads the values of properties. A missing value is the property's default in the format. A faulty one adds a fault
/// and is the default as well, so that all faults are found at once. No fault shows a secret.
/// </summary>
/// <param name="section">Where the properties are, such as <c>Source</c>.</param>
/// <param name="properties">Those that are set.</param>
/// <param name="secrets">Whose values are hidden.</param>
/// <param name="faults">Where faults are added.</param>
/// <param name="preset">What a property means that isn't set.</param>
internal sealed class PropertyValues(
    string section,
    IReadOnlyDictionary<string, string> properties,
    SecretNames secrets,
    List<Fault> faults,
    Func<string, string> preset
)
{
    private readonly HashSet<string> _read = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _ignored = [];

    /// <summary>Names that were read, whether they are set or not.</summary>
    public IReadOnlySet<string> ReadNames => _read;

    /// <summary>Properties that Kafka Connect ignores too, because another one that they need isn't set.</summary>
    public IReadOnlyList<string> Ignored => _ignored;

    /// <summary>What is set under a prefix, by the rest of the name.</summary>
    public ImmutableSortedDictionary<string, string> Under(string prefix) =>
        properties
            .Where(pair => pair.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            .ToImmutableSortedDictionary(
                pair => pair.Key[prefix.Length..],
                pair => pair.Value,
                StringComparer.OrdinalIgnoreCase
            );

    /// <summary>What is set, in the order of the names.</summary>
    public IEnumerable<KeyValuePair<string, string>> Set =>
        properties.OrderBy(pair => pair.Key, StringComparer.Ordinal);

    /// <summary>The value; null if it isn't set, or empty.</summary>
    public string? Given(string name)
    {
        _read.Add(name);
        return properties.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
    }

    public string Text(string name) => Given(name) ?? preset(name);

    public string Required(string name, string meaning)
    {
        if (Given(name) is { } value)
            return value;
        Fault(name, "It is missing.", meaning);
        return "";
    }

    public bool Flag(string name)
    {
        var text = Text(name);
        if (SectionValues.TryParseFlag(text, out var flag))
            return flag;
        if (Given(name) is not null)
            Fault(name, $"'{Shown(name)}' is neither true nor false.", "Use one of the two.");
        return SectionValues.TryParseFlag(preset(name), out var otherwise) && otherwise;
    }

    public int Number(string name, int min, int max)
    {
        if (TryParse(Text(name), min, max, out var value))
            return (int)value;
        Fault(
            name,
            string.Create(CultureInfo.InvariantCulture, $"'{Shown(name)}' is not a whole number from {min} to {max}."),
            "Correct it, or leave it out."
        );
        return TryParse(preset(name), min, max, out var otherwise) ? (int)otherwise : min;
    }

    public TimeSpan Milliseconds(string name)
    {
        if (TryParse(Text(name), 0, int.MaxValue, out var value))
            return TimeSpan.FromMilliseconds(value);
        Fault(
            name,
            $"'{Shown(name)}' is not a number of milliseconds from 0 to 2147483647.",
            "Correct it, or leave it out."
        );
        return TryParse(preset(name), 0, int.MaxValue, out var otherwise)
            ? TimeSpan.FromMilliseconds(otherwise)
            : TimeSpan.Zero;
    }

    /// <summary>One of several words, in any case.</summary>
    public T Choice<T>(string name, params (string Word, T Value)[] choices)
    {
        var text = Text(name).Trim();
        foreach (var (word, value) in choices)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
                return value;
        }
        Fault(
            name,
            $"'{Shown(name)}' is not one of its values.",
            $"Use {QuotedWords.Alternatives(choices.Select(choice => choice.Word))}."
        );
        var otherwise = preset(name);
        return choices
            .OrderByDescending(choice => choice.Word.Equals(otherwise, StringComparison.OrdinalIgnoreCase))
            .First()
            .Value;
    }

    /// <summary>Regular expressions that match whole names in any case, separated by commas.</summary>
    public IReadOnlyList<JavaPattern> Patterns(string name) =>
        [.. Expressions(name).Select(text => Compile(name, text)).OfType<JavaPattern>()];

    /// <summary>Null: it is none, which has been reported.</summary>
    public JavaPattern? Compile(string name, string expression, bool ignoreCase = true)
    {
        try
        {
            return JavaPattern.Compile(expression, PathOf(name), ignoreCase);
        }
        catch (ArgumentException exception)
        {
            Fault(
                name,
                $"'{Shown(name, expression)}' is not a regular expression: {Reason(name, exception)}",
                "Correct it; entries are separated by commas, and a comma within one is written '\\,'."
            );
            return null;
        }
    }

    /// <summary>Adds a fault about a property.</summary>
    public void Fault(string name, string problem, string wayOut) =>
        faults.Add(new Fault(PathOf(name), problem, wayOut));

    /// <summary>Notes that nothing reads a property, here or there.</summary>
    public void Ignore(string name) => _ignored.Add(PathOf(name));

    /// <summary>A property with its section, as it may be printed.</summary>
    public string PathOf(string name) => $"{section}:{PropertyTable.Shown(name)}";

    /// <summary>A property's value as it may be printed.</summary>
    public string Shown(string name) => Shown(name, properties.GetValueOrDefault(name) ?? "");

    /// <summary>A part of a property's value as it may be printed.</summary>
    public string Shown(string name, string part) => secrets.Hide(name, part);

    private IReadOnlyList<string> Expressions(string name)
    {
        try
        {
            return PatternList.Split(Text(name));
        }
        catch (ArgumentException exception)
        {
            Fault(
                name,
                $"'{Shown(name)}' is not a list of regular expressions: {Reason(name, exception)}",
                "Correct it; entries are separated by commas, and a comma within one is written '\\,'."
            );
            return [];
        }
    }

    /// <summary>It repeats the expression.</summary>
    private string Reason(string name, ArgumentException exception) =>
        Shown(name, exception.Message.Split(" (Parameter", StringSplitOptions.None)[0]);

    private static bool TryParse(string text, long min, long max, out long value) =>
        long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
        && value >= min
        && value <= max;
}
