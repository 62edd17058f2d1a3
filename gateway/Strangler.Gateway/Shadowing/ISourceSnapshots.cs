namespace Strangler.Gateway.Shadowing;

/// <summary>Looks at the source's primary.</summary>
internal interface ISourceSnapshots
{
    /// <summary>The last one received before a timestamp less a time; null: none is known.</summary>
    SourceSnapshot? Before(long timestamp, TimeSpan back);

    /// <summary>Waits for the first one sent after a timestamp; null: the source does not answer in time.</summary>
    ValueTask<SourceSnapshot?> AfterAsync(long timestamp, CancellationToken cancellationToken);

    /// <summary>Takes one now, that is sent from here on; null: the source does not answer in time.</summary>
    ValueTask<SourceSnapshot?> LookAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Whether the change log was found to have the history of the server that was looked at, since that server
    /// started. Otherwise positions of one mean nothing in the other.
    /// </summary>
    bool IsVerified(SourceSnapshot sighting);

    /// <summary>
    /// The oldest one that is kept of the newest one's connection, and the newest one; null: there is none.
    /// </summary>
    (SourceSnapshot Oldest, SourceSnapshot Newest)? Kept();
}
