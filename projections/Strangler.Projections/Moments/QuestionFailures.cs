using Microsoft.Extensions.Logging;
using Strangler.Foundation.Logging;
using Strangler.Projections.Telemetry;

namespace Strangler.Projections.Moments;

/// <summary>
/// Logs failures of questions: a new failure with its trace, repeated ones less often, in a line with a count.
/// </summary>
internal sealed class QuestionFailures(ILogger logger, TimeProvider time)
{
    private const int MaxText = 400;
    private readonly Lock _lock = new();
    private readonly RepeatedLine _line = new(isRarer: true);

    public void Say(Exception exception, string path)
    {
        bool isNews,
            isWritten;
        long leftOut;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            isNews = _line.IsAtRest(now);
            (isWritten, leftOut) = _line.Take(now);
        }
        if (isNews)
            logger.QuestionFailed(exception, path);
        else if (isWritten)
            logger.QuestionsFail(
                leftOut,
                path,
                exception.Message.Length <= MaxText ? exception.Message : exception.Message[..MaxText]
            );
    }
}
