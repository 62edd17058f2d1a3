using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Faults;
using Strangler.CdcBridge.Offsets;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Store;

namespace Strangler.CdcBridge.Sessions;

/// <summary>How a session ended, if nobody cancelled it.</summary>
/// <param name="Passes">Whether another session may succeed, provided that the source has been reached.</param>
/// <param name="Fault">
/// What a person has to fix if it doesn't pass; null if no fault is known, or if the error is one itself.
/// </param>
internal abstract record SessionEnd(bool Passes, Fault? Fault)
{
    /// <summary>Whether the session had reached the source and the log.</summary>
    public bool IsConnected { get; init; }

    /// <summary>Whether frames had arrived.</summary>
    public bool IsStreaming { get; init; }

    /// <summary>Where the log ended, as far as the session knew.</summary>
    public Position? End { get; init; }

    /// <summary>How a dashboard names it.</summary>
    public string Kind =>
        this switch
        {
            AnotherHistory => "history",
            Unconverted => "conversion",
            MissingPublication => "publication",
            StreamAbandoned or EarlySendFailed => "stream",
            SpillFull => "spill",
            StoreFailed => "store",
            Faulted => "fault",
            _ => "source",
        };

    /// <summary>The source has another history than the log.</summary>
    public sealed record AnotherHistory(HistoryDifference Difference) : SessionEnd(true, null);

    /// <summary>The server could not convert a value.</summary>
    public sealed record Unconverted(Fault? Fault) : SessionEnd(false, Fault);

    /// <summary>The publication didn't exist at the stream's position.</summary>
    public sealed record MissingPublication() : SessionEnd(true, null);

    /// <summary>The server abandoned the stream for no known reason.</summary>
    public sealed record StreamAbandoned() : SessionEnd(true, null);

    /// <summary>Transactions that have not ended had no room.</summary>
    public sealed record SpillFull() : SessionEnd(true, null);

    /// <summary>The server failed to send transactions that have not ended.</summary>
    public sealed record EarlySendFailed() : SessionEnd(true, null);

    /// <summary>The store failed.</summary>
    public sealed record StoreFailed(bool Passes, Fault? Fault) : SessionEnd(Passes, Fault);

    /// <summary>The session found something that a person has to fix, or a lost connection looked like it.</summary>
    public sealed record Faulted(bool Passes) : SessionEnd(Passes, null);

    /// <summary>Anything else.</summary>
    public sealed record Failed(bool Passes, Fault? Fault) : SessionEnd(Passes, Fault);

    /// <param name="exception">What the session threw.</param>
    /// <param name="missing">What its stream lacked.</param>
    /// <param name="isPatient">Whether a store that fails is worth waiting longer.</param>
    /// <param name="config">The bridge's configuration.</param>
    /// <param name="end">Where the log ended, as far as the session knew.</param>
    public static SessionEnd Of(
        Exception exception,
        MissingObject missing,
        bool isPatient,
        BridgeConfig config,
        Position? end
    )
    {
        switch (exception, missing)
        {
            case (AnotherHistoryException { Difference: var difference }, _):
                return new AnotherHistory(difference);
            case (FaultException { InnerException: var cause }, _):
                return new Faulted(cause is not null && SourceFaults.IsTransient(cause));
            case (StoreException { Cause: var cause }, _):
                var fault = StoreFault.Of(cause, config.StorePath, config.Store);
                return new StoreFailed(SourceFaults.IsTransient(cause) && (isPatient || fault is null), fault);
            case (SpillFullException, _):
                return new SpillFull();
            case (EarlySendFailedException, _):
                return new EarlySendFailed();
            case (StreamAbandonedException, _):
                return new StreamAbandoned();
            case (_, MissingObject.Slot):
                return new Failed(false, SourceFaults.SlotDropped(config, end));
            case (_, MissingObject.Publication):
                return new MissingPublication();
            default:
                var known = SourceFaults.Of(exception, config, end);
                return SourceFaults.IsConversionError(exception)
                    ? new Unconverted(known)
                    : new Failed(missing == MissingObject.Unknown || SourceFaults.IsTransient(exception), known);
        }
    }
}
