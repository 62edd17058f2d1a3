namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>
/// The cases in which the bridge differs from the connector, each with its reason: on purpose, or not yet the same.
/// </summary>
internal static class KnownDifferences
{
    public static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["columns-included"] = "a column that is left out is 0 in the keys of the connector's snapshot, and here right",
        ["defaults-in-other-modes-schemas"] =
            "the default 'infinity' of a timestamp has nine digits there, and six here",
        ["replica-identities"] = "a publication that would make an UPDATE fail is refused",
        ["source-types-propagated"] = "include.schema.comments isn't supported yet",
        ["source-types-propagated-by-type"] = "lengths and scales of some types are others",
    };

    /// <summary>Not compared: its statement of heartbeats runs beside the case's own, in either order.</summary>
    public const string Unsteady = "heartbeat-with-action";

    /// <summary>Why the case differs; null if it must not.</summary>
    public static string? Of(string name) => Reasons.GetValueOrDefault(name);
}
