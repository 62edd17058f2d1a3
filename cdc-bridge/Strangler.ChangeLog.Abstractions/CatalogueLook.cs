using System.Diagnostics.CodeAnalysis;

namespace Strangler.ChangeLog;

/// <summary>
/// A notification of the bridge in the store, sent while a reader waits: the source's catalogue was found to be as it
/// was when its tables were read.
/// </summary>
/// <param name="Source">The source's name.</param>
/// <param name="Through">
/// The log's position at which the tables were as they are in that catalogue: who has applied everything through it
/// knows of every earlier alteration.
/// </param>
/// <param name="Server">The run of the source's server, identified by its start.</param>
/// <param name="Snapshot">
/// The source's <c>pg_current_snapshot()</c> before the catalogue was read: what it sees, the catalogue has.
/// </param>
public sealed record CatalogueLook(string Source, Position Through, string Server, string Snapshot)
{
    /// <summary>The channel of NOTIFY.</summary>
    public const string Channel = "strangler_catalogue";

    /// <summary>A payload that is longer isn't sent: PostgreSQL takes less than 8,000 bytes.</summary>
    public const int MaxLength = 7_000;

    /// <summary>The payload: position, server, snapshot and the source's name, separated by spaces.</summary>
    public override string ToString() => $"{Through} {Server} {Snapshot} {Source}";

    /// <summary>Reads a payload.</summary>
    public static bool TryParse(string payload, [NotNullWhen(true)] out CatalogueLook? result)
    {
        result =
            payload.Split(' ', 4) is [var through, var server, var snapshot, var source]
            && Position.TryParse(through, null, out var position)
                ? new CatalogueLook(source, position, server, snapshot)
                : null;
        return result is not null;
    }
}
