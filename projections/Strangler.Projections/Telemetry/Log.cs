using Microsoft.Extensions.Logging;
using Strangler.ChangeLog;

namespace Strangler.Projections.Telemetry;

internal static partial class Log
{
    [LoggerMessage(
        EventId = ProjectionEventIds.Began,
        Level = LogLevel.Information,
        Message = "The projections of the source '{Source}' continue from {Position}."
    )]
    public static partial void Began(this ILogger logger, string source, Position position);

    [LoggerMessage(
        EventId = ProjectionEventIds.OthersRun,
        Level = LogLevel.Warning,
        Message = "Another 'strangler projections' of '{Source}' runs. This one waits until it ends."
    )]
    public static partial void OthersRun(this ILogger logger, string source);

    [LoggerMessage(
        EventId = ProjectionEventIds.Serving,
        Level = LogLevel.Information,
        Message = "The projection '{Projection}' takes part in version {Version}, as build {Build}."
    )]
    public static partial void Serving(this ILogger logger, string projection, string version, int build);

    [LoggerMessage(
        EventId = ProjectionEventIds.Stopped,
        Level = LogLevel.Error,
        Message = "The projection '{Projection}' has stopped: {Problem} Its keys go to the call graph; it is built "
            + "again when its tables fit, or at the next start."
    )]
    public static partial void Stopped(this ILogger logger, string projection, string problem);

    [LoggerMessage(
        EventId = ProjectionEventIds.BeginsAnew,
        Level = LogLevel.Warning,
        Message = "The source '{Source}' was applied through {Position}, but its change log begins at {Begin} now. The "
            + "projections continue with the snapshot after {Snapshot}; history is kept from there on."
    )]
    public static partial void BeginsAnew(
        this ILogger logger,
        string source,
        Position position,
        Position begin,
        Position snapshot
    );

    [LoggerMessage(
        EventId = ProjectionEventIds.Returns,
        Level = LogLevel.Information,
        Message = "The projection '{Projection}' had stopped and fits its tables again: it is built from the mirror."
    )]
    public static partial void Returns(this ILogger logger, string projection);

    [LoggerMessage(
        EventId = ProjectionEventIds.Repeated,
        Level = LogLevel.Information,
        Message = "{Count} changes up to {Position} were already in the mirror: the log was replayed."
    )]
    public static partial void Repeated(this ILogger logger, int count, Position position);

    [LoggerMessage(
        EventId = ProjectionEventIds.Overran,
        Level = LogLevel.Error,
        Message = "The key '{Key}' of '{Projection}' is quarantined: f did not answer in time. This process ends and "
            + "needs to be started again."
    )]
    public static partial void Overran(this ILogger logger, string projection, string key);

    [LoggerMessage(
        EventId = ProjectionEventIds.StoreLost,
        Level = LogLevel.Warning,
        Message = "The store fails: {Reason} Trying again in {Pause}."
    )]
    public static partial void StoreLost(this ILogger logger, string reason, TimeSpan pause);

    [LoggerMessage(
        EventId = ProjectionEventIds.LogLost,
        Level = LogLevel.Warning,
        Message = "The change log doesn't answer: {Reason} The projections continue by themselves when it does."
    )]
    public static partial void LogLost(this ILogger logger, string reason);

    [LoggerMessage(
        EventId = ProjectionEventIds.NoMomentsSecret,
        Level = LogLevel.Error,
        Message = "No question about moments is answered, and no route can be compared: {Fault}"
    )]
    public static partial void NoMomentsSecret(this ILogger logger, string fault);

    [LoggerMessage(
        EventId = ProjectionEventIds.QuestionFailed,
        Level = LogLevel.Error,
        Message = "A question about moments failed at '{Path}'."
    )]
    public static partial void QuestionFailed(this ILogger logger, Exception exception, string path);

    [LoggerMessage(
        EventId = ProjectionEventIds.QuestionsFail,
        Level = LogLevel.Error,
        Message = "Questions about moments keep failing, {LeftOut} since the last line, the latest at '{Path}': "
            + "{Reason}"
    )]
    public static partial void QuestionsFail(this ILogger logger, long leftOut, string path, string reason);
}
