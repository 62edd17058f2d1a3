using System.Text.RegularExpressions;

namespace Strangler.CdcBridge.Configuration;

/// <summary>How one property is treated, or one family of properties.</summary>
/// <param name="Name">The property; of a family, its form.</param>
/// <param name="Default">The connector's own default as text; empty if it has none.</param>
/// <param name="Treatment">What the bridge does with it in Debezium's format.</param>
/// <param name="Note">What a person should know; for a refused property, when it matters.</param>
internal sealed record PropertyRule(string Name, string Default, PropertyTreatment Treatment, string Note)
{
    /// <summary>For a refused property: the values under which ignoring it changes nothing.</summary>
    public IReadOnlyList<string> Accepted { get; init; } = [];

    /// <summary>For a refused property: what to do, unless it can just be left out.</summary>
    public string? WayOut { get; init; }

    /// <summary>Matches the names of a family; null for a single property.</summary>
    public Regex? Family { get; init; }

    /// <summary>Strangler's own: no connector has it.</summary>
    public bool IsOwn { get; init; }

    /// <summary>In the format <c>strangler</c>: the only values; empty if there is no such rule.</summary>
    public IReadOnlyList<string> Fixed { get; init; } = [];

    /// <summary>In the format <c>strangler</c>: another treatment than in Debezium's.</summary>
    public PropertyTreatment? InStrangler { get; init; }

    /// <summary>In the format <c>strangler</c>: another default than the connector's.</summary>
    public string? Preset { get; init; }

    /// <summary>What a property that isn't set means in a format.</summary>
    public string DefaultIn(EventFormat format) =>
        format != EventFormat.Strangler ? Default : Preset ?? (Fixed.Count > 0 ? Fixed[0] : Default);

    /// <summary>The treatment in a format.</summary>
    public PropertyTreatment In(EventFormat format) =>
        format != EventFormat.Strangler ? Treatment
        : Fixed.Count > 0 ? PropertyTreatment.Refused
        : InStrangler ?? Treatment;

    /// <summary>The values under which a refused property is accepted in a format.</summary>
    public IReadOnlyList<string> AcceptedIn(EventFormat format) =>
        format != EventFormat.Strangler ? Accepted
        : Fixed.Count > 0 ? Fixed
        : InStrangler == PropertyTreatment.Refused && Default.Length > 0 ? [Default]
        : Accepted;

    /// <summary>Whether ignoring a refused property changes nothing, because its value is the default's.</summary>
    public bool Accepts(string value, EventFormat format) =>
        (value.Length == 0 && Default.Length == 0)
        || AcceptedIn(format).Contains(value.Trim(), StringComparer.OrdinalIgnoreCase);

    public bool IsFor(string name) =>
        Family is { } family ? family.IsMatch(name) : Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    public static PropertyRule Honoured(string name, string preset = "", string note = "") =>
        new(name, preset, PropertyTreatment.Honoured, note);

    /// <summary>Honoured in Debezium's formats; in <c>strangler</c> only these values are allowed.</summary>
    public static PropertyRule HonouredOr(string name, string preset, params string[] inStrangler) =>
        Honoured(name, preset) with
        {
            Fixed = inStrangler,
        };

    /// <summary>Honoured in Debezium's formats; without effect in <c>strangler</c>.</summary>
    public static PropertyRule HonouredOrIdle(string name, string preset, string note = "") =>
        Honoured(name, preset, note) with
        {
            InStrangler = PropertyTreatment.WithoutEffect,
        };

    /// <summary>Honoured in Debezium's formats; refused in <c>strangler</c>.</summary>
    public static PropertyRule HonouredOrRefused(string name, string preset = "", string note = "") =>
        Honoured(name, preset, note) with
        {
            InStrangler = PropertyTreatment.Refused,
        };

    public static PropertyRule Idle(string name, string preset, string note) =>
        new(name, preset, PropertyTreatment.WithoutEffect, note);

    public static PropertyRule Refused(string name, string preset, string note, params string[] accepted) =>
        new(name, preset, PropertyTreatment.Refused, note) { Accepted = accepted };
}
