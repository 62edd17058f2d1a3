namespace Strangler.Projections.Moments;

/// <summary>f's result.</summary>
/// <param name="Threw">
/// What f threw. With <see cref="AskLegacy"/> it has a text, too: a reader that doesn't know the other must not take
/// the key for absent.
/// </param>
internal sealed record WireOutcome(ReadOnlyMemory<byte>? Document, string? Threw)
{
    /// <summary>Why legacy must be asked; null: f knows the answer.</summary>
    public string? AskLegacy { get; init; }

    public static WireOutcome Of(Made made) =>
        made switch
        {
            Made.Document document => new(document.Bytes, null),
            Made.Threw threw => new(null, threw.Error),
            Made.AskLegacy(var reason) => new(null, $"f asks legacy: {reason}") { AskLegacy = reason },
            _ => new(null, null),
        };

    public Made ToMade() =>
        AskLegacy is { } reason ? new Made.AskLegacy(reason)
        : Document is { } bytes ? new Made.Document(bytes)
        : Threw is { } error ? new Made.Threw(error)
        : Made.Absent.Value;
}
