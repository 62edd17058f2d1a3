using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Wire;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Offsets;

/// <summary>A published table.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Oid">Its object id.</param>
/// <param name="Fingerprint">The catalogue's fingerprint at its last complete reading.</param>
/// <param name="Shape">The shape in the last Schema record.</param>
/// <param name="Name">Its name; null if an older version stored the offset.</param>
internal sealed record TableOffset(string Topic, uint Oid, string Fingerprint, string Shape, TableName? Name = null)
{
    private const string Doubt = "doubt ";

    /// <summary>
    /// The object id of the table whose rows the log owes since it had this topic: a snapshot was interrupted before
    /// they were read, and no reading has followed. Null if none are owed.
    /// </summary>
    public uint? Unread { get; init; }

    /// <summary>
    /// Whether the log says that the table is in doubt, and it can't be read until a person has fixed it.
    /// </summary>
    public bool StaysInDoubt => Fingerprint.StartsWith(Doubt, StringComparison.Ordinal);

    /// <summary>The fingerprint of a table that stays in doubt.</summary>
    public static string MarkOf(Fault why) => Doubt + Digest.Of([why.ToString()]);

    /// <summary>Its name; if an older version stored the offset, the name that its topic implies.</summary>
    public TableName NameUnder(string prefix)
    {
        if (Name is { } name)
            return name;
        var rest = Topic.StartsWith(prefix + ".", StringComparison.Ordinal) ? Topic[(prefix.Length + 1)..] : Topic;
        return rest.Split('.', 2) is [var schema, var table] ? new TableName(schema, table) : new TableName("", rest);
    }
}
