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

    [LoggerMessage(
        EventId = 9001,
        Level = LogLevel.Critical,
        Message = "This is a defect of Strangler. Please report it with this message."
    )]
    public static partial void Defect(this ILogger logger, Exception exception);
}
