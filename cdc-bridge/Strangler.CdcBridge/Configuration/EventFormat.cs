namespace Strangler.CdcBridge.Configuration;

/// <summary>Whose events are written: one member for each version whose output differs.</summary>
internal enum EventFormat
{
    /// <summary>Strangler's lossless profile of Debezium's events. Projections read it.</summary>
    Strangler,

    /// <summary>What Debezium's PostgreSQL connector 3.6 writes, byte for byte.</summary>
    Debezium36,
}
