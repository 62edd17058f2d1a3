using System.Collections.Immutable;
using System.Globalization;

namespace Strangler.CdcBridge.Configuration;

/// <summary>Reads <c>topic.creation.*</c> as Kafka Connect does.</summary>
internal static class TopicCreationReader
{
    private const string Root = "topic.creation.";
    private const string Default = "default";

    private static readonly string[] OfGroup = ["include", "exclude", "replication.factor", "partitions"];

    /// <returns>Null if the connector says nothing about topics, or the worker doesn't let it.</returns>
    public static TopicCreationOptions? Read(PropertyValues values, PropertyValues worker)
    {
        var isAllowed = worker.Flag($"{Root}enable");
        var names = values
            .Text($"{Root}groups")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (!values.Set.Any(pair => pair.Key.StartsWith(Root, StringComparison.OrdinalIgnoreCase)))
            return null;
        if (names.Contains(Default, StringComparer.Ordinal))
            values.Fault($"{Root}groups", "The group 'default' is always there.", "Leave it out of the list.");
        var preset = Group(values, Default, fallback: null);
        List<TopicCreationGroup> groups =
        [
            .. names
                .Where(name => name != Default)
                .Distinct(StringComparer.Ordinal)
                .Select(name => Group(values, name, preset)),
        ];
        foreach (var (name, _) in values.Set)
        {
            if (
                name.StartsWith(Root, StringComparison.OrdinalIgnoreCase)
                && !name.Equals($"{Root}groups", StringComparison.OrdinalIgnoreCase)
                && !names.Append(Default).Any(group => name.StartsWith($"{Root}{group}.", StringComparison.Ordinal))
            )
                values.Ignore(name);
        }
        return isAllowed ? new TopicCreationOptions(groups, preset) : null;
    }

    private static TopicCreationGroup Group(PropertyValues values, string group, TopicCreationGroup? fallback)
    {
        var prefix = $"{Root}{group}.";
        return new TopicCreationGroup(
            group,
            fallback is null ? [] : Topics(values, $"{prefix}include", isRequired: true),
            fallback is null ? [] : Topics(values, $"{prefix}exclude", isRequired: false),
            (short)Count(values, $"{prefix}replication.factor", short.MaxValue, fallback?.ReplicationFactor),
            Count(values, $"{prefix}partitions", int.MaxValue, fallback?.Partitions),
            values
                .Set.Where(pair =>
                    pair.Key.StartsWith(prefix, StringComparison.Ordinal)
                    && !OfGroup.Contains(pair.Key[prefix.Length..], StringComparer.Ordinal)
                )
                .ToImmutableSortedDictionary(
                    pair => pair.Key[prefix.Length..],
                    pair => pair.Value,
                    StringComparer.Ordinal
                )
        );
    }

    private static List<System.Text.RegularExpressions.Regex> Topics(
        PropertyValues values,
        string name,
        bool isRequired
    ) =>
        [
            .. (
                isRequired
                    ? values.Required(name, "The topics of the group, as regular expressions.")
                    : values.Text(name)
            )
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(expression => values.Compile(name, expression, ignoreCase: false))
                .OfType<System.Text.RegularExpressions.Regex>(),
        ];

    private static int Count(PropertyValues values, string name, int max, int? fallback)
    {
        if (values.Given(name) is not { } text)
        {
            if (fallback is { } known)
                return known;
            values.Fault(
                name,
                "It is missing: Kafka Connect requires it as soon as another 'topic.creation' property is set.",
                "Set it to a number, or to -1 for the broker's own."
            );
            return -1;
        }
        if (
            int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count)
            && (count == -1 || (count > 0 && count <= max))
        )
            return count;
        values.Fault(
            name,
            $"'{values.Shown(name)}' is not a number of at least 1, or -1.",
            "Use -1 for the broker's own."
        );
        return -1;
    }
}
