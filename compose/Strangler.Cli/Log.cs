using Microsoft.Extensions.Logging;

namespace Strangler.Cli;

internal static partial class Log
{
    [LoggerMessage(
        EventId = 9002,
        Level = LogLevel.Information,
        Message = "The part '{Part}' begins; cultures: {Cultures}."
    )]
    public static partial void Begins(this ILogger logger, string part, string cultures);

    [LoggerMessage(EventId = 9005, Level = LogLevel.Information, Message = "The snapshot has read {Progress}.")]
    public static partial void SnapshotAdvances(this ILogger logger, string progress);

    [LoggerMessage(EventId = 9003, Level = LogLevel.Information, Message = "Metrics are served at '{Address}metrics'.")]
    public static partial void MetricsServed(this ILogger logger, Uri address);

    [LoggerMessage(
        EventId = 9004,
        Level = LogLevel.Error,
        Message = "Metrics are not served at '{Address}': {Reason} The part works without them, and it is tried again."
    )]
    public static partial void MetricsNotServed(this ILogger logger, Uri address, string reason);

    [LoggerMessage(
        EventId = 9001,
        Level = LogLevel.Critical,
        Message = "This is a defect of Strangler. Please report it with this message."
    )]
    public static partial void Defect(this ILogger logger, Exception exception);
}
