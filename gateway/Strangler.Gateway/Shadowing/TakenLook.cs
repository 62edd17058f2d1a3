using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>One look at the source's primary, and when it was taken.</summary>
/// <param name="Sent">The clock's timestamp just before the question.</param>
/// <param name="Received">The timestamp just after the answer.</param>
/// <param name="Generation">
/// The connection on which it was taken. Increases with each new connection, since the server may have lost commits
/// before it.
/// </param>
/// <param name="Look">What was seen.</param>
/// <param name="Server">The run of the server, identified by its start.</param>
internal sealed record TakenLook(long Sent, long Received, int Generation, SourceLook Look, string Server)
{
    /// <summary>The pages of the server's write-ahead log.</summary>
    public WalLayout Layout { get; init; } = WalLayout.Usual;
}
