namespace Strangler.CdcBridge.Configuration;

/// <summary>Finds the properties that are unknown, refused, or without effect.</summary>
/// <param name="format">Whose events are written.</param>
/// <param name="values">The properties.</param>
internal sealed class PropertyCheck(EventFormat format, PropertyValues values)
{
    private const string Profile = "The log holds one lossless profile of the events.";

    private readonly List<string> _notices = [];

    /// <summary>Properties without effect.</summary>
    public IReadOnlyList<string> Notices => _notices;

    /// <summary>Adds the faults of what is refused.</summary>
    /// <returns>The names of the properties that no reader may read.</returns>
    public IReadOnlySet<string> Check()
    {
        var refused = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var converters = Aliases("converters").Concat(Aliases("post.processors")).ToList();
        foreach (var (name, value) in values.Set)
        {
            // they belong to a class that is refused already
            if (converters.Exists(alias => name.StartsWith(alias + ".", StringComparison.OrdinalIgnoreCase)))
                continue;
            if (value.Contains('\0', StringComparison.Ordinal))
            {
                refused.Add(name);
                values.Fault(name, "It has a NUL character, which neither PostgreSQL nor Kafka takes.", "Remove it.");
            }
            else if (PropertyTable.Find(name) is not { } rule)
                values.Fault(name, Unknown, Suggest(name, PropertyTable.All));
            else if (IsOfNoTransform(name) || rule.In(format) == PropertyTreatment.WithoutEffect)
                _notices.Add(values.PathOf(name));
            else if (rule.In(format) == PropertyTreatment.Refused && !rule.Accepts(value, format))
            {
                refused.Add(name);
                AddFault(name, rule);
            }
        }
        return refused;
    }

    /// <summary>The way out of a misspelling.</summary>
    public static string Suggest(string name, IEnumerable<PropertyRule> rules) =>
        PropertyTable.Nearest(name, rules) is { } near
            ? $"Did you mean '{near}'? Correct the name, or leave it out."
            : "Correct the name, or leave it out.";

    private const string Unknown =
        "The property is unknown: neither Debezium's PostgreSQL connector nor Strangler has it.";

    private void AddFault(string name, PropertyRule rule)
    {
        var accepted = rule.AcceptedIn(format);
        var leaveOut =
            rule.WayOut
            ?? (
                accepted.Count > 0
                    ? $"Set it to {QuotedWords.Alternatives(accepted)}, or leave it out."
                    : "Leave it out."
            );
        if (rule.Treatment == PropertyTreatment.Refused)
            values.Fault(
                name,
                accepted.Count > 0
                    ? $"The value '{values.Shown(name)}' is not supported. {rule.Note}"
                    : $"It is not supported. {rule.Note}",
                leaveOut
            );
        else if (rule.Fixed.Count > 0)
            values.Fault(name, $"The value '{values.Shown(name)}' is not supported. {Profile}", leaveOut);
        else
            values.Fault(
                name,
                "This property of Debezium is not supported in the format 'strangler', "
                    + "and ignoring it would change what is captured or written.",
                leaveOut
            );
    }

    /// <summary>Whether it is a property of a transform that isn't in the list, which Connect ignores too.</summary>
    private bool IsOfNoTransform(string name) =>
        name.StartsWith("transforms.", StringComparison.OrdinalIgnoreCase)
        && format != EventFormat.Strangler
        && !Aliases("transforms")
            .Any(alias => name.StartsWith($"transforms.{alias}.", StringComparison.OrdinalIgnoreCase));

    private IEnumerable<string> Aliases(string list) =>
        values
            .Set.Where(pair => pair.Key.Equals(list, StringComparison.OrdinalIgnoreCase))
            .SelectMany(pair =>
                pair.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            );
}
