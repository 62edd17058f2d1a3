namespace Strangler.CdcBridge.Configuration;

/// <summary>The intervals and timeouts of the bridge. The values are the product's; tests shorten them.</summary>
internal sealed record BridgeTimings
{
    /// <summary>A heartbeat is emitted after this much silence.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the catalogue is compared.</summary>
    public TimeSpan Watch { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the slot is looked at while <see cref="Watch"/> doesn't do so.</summary>
    public TimeSpan SlotLook { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the slot has to hold back less before this is logged.</summary>
    public TimeSpan SlotCalm { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The minimum of <see cref="MaxLookAge"/>.</summary>
    public TimeSpan LookPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The maximum age of the last look at the catalogue: ten times <see cref="Watch"/>, and at least
    /// <see cref="LookPatience"/>. While it is older, the log's end doesn't advance, because a table altered since then
    /// would be served as if it were fresh.
    /// </summary>
    public TimeSpan MaxLookAge => Watch * 10 > LookPatience ? Watch * 10 : LookPatience;

    /// <summary>Progress is stored at most this often.</summary>
    public TimeSpan Progress { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// While a slot is being created, the transactions that it waits for are logged after this time, and then at this
    /// interval.
    /// </summary>
    public TimeSpan SlotNotice { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait for a slot that is still held by a connection that is ending.</summary>
    public TimeSpan SlotPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The same after the bridge lost its own connection: the server may notice the loss only after its
    /// wal_sender_timeout.
    /// </summary>
    public TimeSpan SlotPatienceAfterLoss { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often retention runs.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long the store may refuse for a reason that passes by itself, such as a full disk, before it is a fault.
    /// </summary>
    public TimeSpan StorePatience { get; init; } = Foundation.Store.StorePatience.Default;

    /// <summary>The longest pause before reconnecting; it starts at 200 ms and doubles.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(15);
}
