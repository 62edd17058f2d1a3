using Strangler.ChangeLog;
using Strangler.Projections;

namespace Strangler.Gateway.Health;

/// <summary>
/// How far projections and bridge have come, as far as this gateway has heard. It decides when a look-up is worth
/// trying, never what it may answer.
/// </summary>
internal sealed class SourceProgress
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _sources = []; // by projection
    private readonly Dictionary<string, Position> _applied = []; // by source, as the next one
    private readonly Dictionary<string, CatalogueLook> _catalogues = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when something was heard.</summary>
    public Task Changed()
    {
        lock (_lock)
            return _changed.Task;
    }

    /// <summary>What is known of a projection's source. Null if nothing is.</summary>
    public (string Source, Position Applied, CatalogueLook? Catalogue)? Of(string projection)
    {
        lock (_lock)
            return _sources.TryGetValue(projection, out var source)
                ? (source, _applied[source], _catalogues.GetValueOrDefault(source))
                : null;
    }

    /// <summary>The store was asked, and has this watermark.</summary>
    public void Saw(string projection, Watermark watermark)
    {
        lock (_lock)
        {
            _sources[projection] = watermark.Source;
            Apply(watermark.Source, watermark.Position);
        }
        Change();
    }

    /// <summary>A notification of the store.</summary>
    public void Hear(string channel, string payload)
    {
        lock (_lock)
        {
            switch (channel)
            {
                case AppliedPosition.Channel when AppliedPosition.TryParse(payload, out var applied):
                    Apply(applied.Source, applied.Through);
                    break;
                case CatalogueLook.Channel when CatalogueLook.TryParse(payload, out var look):
                    if (_applied.ContainsKey(look.Source))
                        _catalogues[look.Source] = look;
                    break;
                default:
                    return;
            }
        }
        Change();
    }

    /// <summary>Sources that no projection of this gateway has are passed over.</summary>
    private void Apply(string source, Position through)
    {
        if (!_sources.ContainsValue(source))
            return;
        // Answers of the store and notifications overtake each other; a mirror that was thrown away begins an epoch.
        if (!_applied.TryGetValue(source, out var known) || through > known || through.Epoch != known.Epoch)
            _applied[source] = through;
    }

    private void Change()
    {
        TaskCompletionSource changed;
        lock (_lock)
            (changed, _changed) = (
                _changed,
                new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
            );
        changed.SetResult();
    }
}
