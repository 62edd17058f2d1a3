namespace Strangler.Gateway.Shadowing;

/// <summary>Looks at the source's primary.</summary>
internal interface ISourceLooks
{
    /// <summary>The last one received before a timestamp minus a time. Null if none is known.</summary>
    TakenLook? Before(long timestamp, TimeSpan back);

    /// <summary>Waits for the first one sent after a timestamp. Null if the source doesn't answer in time.</summary>
    ValueTask<TakenLook?> AfterAsync(long timestamp, CancellationToken cancellationToken);

    /// <summary>Takes a new one, sent after this call. Null if the source doesn't answer in time.</summary>
    ValueTask<TakenLook?> LookAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Whether the change log was found to have the history of the server that was looked at, since that server
    /// started. Otherwise positions of the two can't be compared.
    /// </summary>
    bool IsVerified(TakenLook look);

    /// <summary>
    /// The oldest kept one of the newest one's connection, and the newest one. Null if there is none.
    /// </summary>
    (TakenLook Oldest, TakenLook Newest)? Kept();
}
