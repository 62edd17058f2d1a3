namespace Strangler.CdcBridge.Configuration;

/// <summary>How long the bridge waits for what. The values are the product's; tests shorten them.</summary>
internal sealed record BridgeTimings
{
    /// <summary>After this much silence a heartbeat is emitted.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the catalogue is compared.</summary>
    public TimeSpan Watch { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The least of <see cref="MaxLookAge"/>.</summary>
    public TimeSpan LookPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How old the last look at the catalogue may be, which is ten times <see cref="Watch"/>, and at least
    /// <see cref="LookPatience"/>. While it is older, the log's end stands still: a table that was altered since would
    /// be answered from as if it were fresh.
    /// </summary>
    public TimeSpan MaxLookAge => Watch * 10 > LookPatience ? Watch * 10 : LookPatience;

    /// <summary>Progress is stored at most this often.</summary>
    public TimeSpan Progress { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// A slot that is being made says after this time, and then every so often, for which transactions it waits.
    /// </summary>
    public TimeSpan SlotNotice { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a slot may still be held by a connection that is just ending.</summary>
    public TimeSpan SlotPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The same after a lost connection of our own, whose end the server may notice only when its wal_sender_timeout
    /// has passed.
    /// </summary>
    public TimeSpan SlotPatienceAfterLoss { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often retention runs.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long the store may refuse what passes by itself, such as a full disk, before that is a fault.
    /// </summary>
    public TimeSpan StorePatience { get; init; } = Foundation.Store.StorePatience.Default;

    /// <summary>The longest pause before connecting again; it begins with 200 ms and doubles.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(15);
}
