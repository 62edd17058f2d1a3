namespace Strangler.Projections.Moments;

internal sealed record WireOutcome(ReadOnlyMemory<byte>? Document, string? Threw)
{
    public static WireOutcome Of(Made made) =>
        made switch
        {
            Made.Document document => new(document.Bytes, null),
            Made.Threw threw => new(null, threw.Error),
            _ => new(null, null),
        };

    public Made ToMade() =>
        Document is { } bytes ? new Made.Document(bytes)
        : Threw is { } error ? new Made.Threw(error)
        : Made.Absent.Value;
}
