namespace Strangler.CdcBridge.Configuration;

/// <summary>A converter of Kafka Connect. All but the first are for events of an outbox only.</summary>
internal enum ConverterKind
{
    /// <summary>JSON.</summary>
    Json,

    /// <summary>Text without quotes (<c>StringConverter</c>).</summary>
    Text,

    /// <summary>Bytes as they are (<c>ByteArrayConverter</c>).</summary>
    ByteArray,

    /// <summary>Bytes as they are, and everything else as JSON (Debezium's <c>BinaryDataConverter</c>).</summary>
    Binary,
}
