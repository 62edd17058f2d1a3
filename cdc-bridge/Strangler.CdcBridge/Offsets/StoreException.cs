namespace Strangler.CdcBridge.Offsets;

/// <summary>The store has failed.</summary>
internal sealed class StoreException(Exception cause) : Exception(cause.Message, cause)
{
    public Exception Cause { get; } = cause;
}
