namespace Strangler.CdcBridge.Configuration;

/// <summary>What the bridge does with a property of the connector, of Kafka Connect or of its own.</summary>
internal enum PropertyTreatment
{
    /// <summary>It is read, and does what it does there.</summary>
    Honoured,

    /// <summary>It only tunes the JVM or Kafka Connect: nothing here depends on it. The log says so once.</summary>
    WithoutEffect,

    /// <summary>Any value is a fault but those under which ignoring it changes nothing.</summary>
    Refused,
}
