using System.Collections.Concurrent;
using Strangler.ChangeLog;
using Strangler.Projections;
using Findings = Strangler.Projections.Lookup;

namespace Strangler.Gateway.Tests;

/// <summary>Answers in memory, whose failures a test controls.</summary>
internal sealed class FakeAnswers : IAnswers
{
    public ConcurrentDictionary<string, Found> Documents { get; } = new();

    /// <summary>
    /// Passes every look at a source. It moves with its time, which is the clock minus <see cref="Age"/>.
    /// </summary>
    public Watermark? Watermark
    {
        get
        {
            if (!IsBuilt)
                return null;
            var watermark =
                field ?? new("shop", Position.Parse("1:FFFFFFFF/10:end"), TimeProvider.System.GetUtcNow() - Age);
            return watermark with { Verification = Verification };
        }
        set => (field, IsAtRest) = (value, value is not null);
    }

    /// <summary>The comparison with the source after which the log is trusted.</summary>
    public SourceVerification? Verification { get; set; }

    public bool IsAtRest { get; private set; }

    public bool IsBuilt { get; set; } = true;

    /// <summary>How far the watermark's time is behind the clock.</summary>
    public TimeSpan Age { get; set; }

    /// <summary>Thrown instead of answering.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Never answers, and ignores its token.</summary>
    public bool Hangs { get; set; }

    /// <summary>The state of the projection's build.</summary>
    public BuildState? Build { get; set; }

    public ConcurrentQueue<IReadOnlyList<string>> Asked { get; } = new();

    public void Put(string key, string json) =>
        Documents[key] = new Found.Document(System.Text.Encoding.UTF8.GetBytes(json), Position.Parse("1:0/8:0"), null);

    public async ValueTask<Findings> FindAsync(
        ProjectionId projection,
        IReadOnlyList<string> keys,
        CancellationToken cancellationToken
    )
    {
        Asked.Enqueue(keys);
        if (Hangs)
            await new TaskCompletionSource().Task;
        if (Failure is { } failure)
            throw failure;
        return new Findings([.. keys.Select(key => Documents.GetValueOrDefault(key) ?? Found.Absent.Value)], Watermark);
    }

    public async ValueTask<Watermark?> WatermarkAsync(string projection, CancellationToken cancellationToken)
    {
        if (Hangs)
            await new TaskCompletionSource().Task;
        return Failure is { } failure ? throw failure : Watermark;
    }

    public ValueTask<long?> KeysAsync(ProjectionId projection, CancellationToken cancellationToken) =>
        Failure is { } failure ? throw failure : ValueTask.FromResult<long?>(Documents.Count);

    public async ValueTask<BuildState?> BuildAsync(string projection, CancellationToken cancellationToken)
    {
        if (Hangs)
            await new TaskCompletionSource().Task;
        return Failure is { } failure ? throw failure : Build;
    }
}
