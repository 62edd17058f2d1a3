namespace Strangler.EndToEnd.Tests.Deliveries;

/// <summary>Something in the topics that must not be.</summary>
internal abstract record DeliveryFault
{
    private DeliveryFault() { }

    /// <summary>A committed change has no event.</summary>
    public sealed record Gap(uint Xid, RowChange Change) : DeliveryFault;

    /// <summary>An event of something that no committed transaction did.</summary>
    public sealed record Phantom(DeliveredEvent Event) : DeliveryFault;

    /// <summary>An event comes before one that belongs before it, or its key is in several partitions.</summary>
    public sealed record Disorder(DeliveredEvent Event) : DeliveryFault;

    /// <summary>An event is repeated in one run, or from further back than the window.</summary>
    public sealed record Repeat(DeliveredEvent Event) : DeliveryFault;

    /// <summary>An event was sent again with another content.</summary>
    public sealed record Difference(DeliveredEvent First, DeliveredEvent Again) : DeliveryFault;

    /// <summary>Who takes the last event of the key has another row than the table; null: none.</summary>
    public sealed record State(string Topic, string Key, string? Replayed, string? Row) : DeliveryFault;
}
