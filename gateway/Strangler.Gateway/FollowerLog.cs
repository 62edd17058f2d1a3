using Microsoft.Extensions.Logging;

namespace Strangler.Gateway;

internal static partial class FollowerLog
{
    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "A defect of the gateway ended this service. Requests are answered; start the gateway again."
    )]
    public static partial void ServiceEnded(ILogger logger, Exception? exception);
}
