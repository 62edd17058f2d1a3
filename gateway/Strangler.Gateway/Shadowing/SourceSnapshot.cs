using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>One look at the source's primary, and when it was taken.</summary>
/// <param name="Sent">The clock's timestamp just before it was asked.</param>
/// <param name="Received">Just after it had answered.</param>
/// <param name="Generation">
/// The connection on which it was taken: rises with each new one, since behind it the server may have lost commits.
/// </param>
/// <param name="Sight">What was seen.</param>
/// <param name="Server">The run of the server: when it started.</param>
internal sealed record SourceSnapshot(long Sent, long Received, int Generation, SourceSight Sight, string Server);
