using Strangler.Evidence.Guards;

namespace Strangler.Gateway.Guarding;

/// <summary>What the watch remembers of a route while its stage has one version. Only the watch uses it.</summary>
/// <param name="Version">The stage's version.</param>
/// <param name="Since">A timestamp before which it wasn't in force here. Earlier counts don't count.</param>
/// <param name="FoundAt">A timestamp: when it was found.</param>
internal sealed record WatchedRoute(int Version, long Since, long FoundAt)
{
    /// <summary>The trips in the store, newest first. Null: they haven't been read.</summary>
    public IReadOnlyList<GuardTrip>? Trips { get; set; }

    /// <summary>A timestamp: when they were read.</summary>
    public long TripsAt { get; set; }

    /// <summary>The dismissed faults, as last read.</summary>
    public IReadOnlySet<string> Dismissed { get; set; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>A timestamp: since when the projection can't be served. Null: it can.</summary>
    public long? TroubleSince { get; set; }

    /// <summary>Rules of which a dry run has said that they would have tripped.</summary>
    public IReadOnlySet<string> Said { get; set; } = new HashSet<string>(StringComparer.Ordinal);
}
