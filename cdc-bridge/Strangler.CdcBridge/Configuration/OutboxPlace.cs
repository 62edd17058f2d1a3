namespace Strangler.CdcBridge.Configuration;

/// <summary>Where a further column of an outbox row goes.</summary>
internal enum OutboxPlace
{
    /// <summary>A header of the record.</summary>
    Header,

    /// <summary>A field of the value, beside the payload.</summary>
    Envelope,

    /// <summary>The record's partition.</summary>
    Partition,
}
