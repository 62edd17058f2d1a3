namespace Strangler.CdcBridge.Configuration;

/// <summary>What the outbox router does with an operation other than an insert or a delete.</summary>
internal enum OutboxInvalidOperation
{
    /// <summary>Warns and goes on.</summary>
    Warn,

    /// <summary>Reports an error and goes on.</summary>
    Error,

    /// <summary>Stops the bridge.</summary>
    Fatal,
}
