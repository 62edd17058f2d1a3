namespace Strangler.CdcBridge.Connect;

/// <summary>The types of Kafka Connect's schemas.</summary>
internal enum ConnectType
{
    Int16,
    Int32,
    Int64,
    Float32,
    Float64,
    Boolean,
    String,
    Bytes,
    Array,
    Map,
    Struct,
}
