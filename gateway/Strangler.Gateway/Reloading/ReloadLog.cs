using Microsoft.Extensions.Logging;
using Strangler.Gateway.Telemetry;

namespace Strangler.Gateway.Reloading;

/// <summary>
/// Logs and counts what became of a change of the configuration, once <see cref="ReloadState"/> has it.
/// </summary>
internal sealed partial class ReloadLog(ReloadState state, GatewayMetrics metrics, ILogger<ReloadLog> logger)
{
    /// <param name="routes">The routes that are in effect.</param>
    /// <param name="sections">Those with a section <c>Strangler</c>.</param>
    public void WriteApplied(int routes, int sections)
    {
        metrics.Reloaded(isApplied: true);
        Applied(routes, sections);
        foreach (var sentence in state.Sentences)
            TakesEffectLater(sentence);
    }

    public void WriteKept()
    {
        metrics.Reloaded(isApplied: false);
        foreach (var sentence in state.Sentences)
            Kept(sentence);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The changed configuration is in effect. Routes: {Routes}; with a section 'Strangler': {Sections}."
    )]
    private partial void Applied(int routes, int sections);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Sentence}")]
    private partial void Kept(string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence}")]
    private partial void TakesEffectLater(string sentence);
}
