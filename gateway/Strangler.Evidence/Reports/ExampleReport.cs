using Strangler.ChangeLog;

namespace Strangler.Evidence.Reports;

/// <summary>A part that was wrong. What the route's rules mask was masked before it was stored.</summary>
/// <param name="Id">Identifies it for <c>strangler explain</c>.</param>
/// <param name="At">When legacy's answer ended.</param>
/// <param name="Request">Method, path and query.</param>
/// <param name="Key">The part's key; null: the frame around the parts.</param>
/// <param name="Position">The moment from which the lookup's part was made.</param>
/// <param name="Clock">The moment's clock.</param>
/// <param name="Cause">Whose fault it is: <c>projection</c>, <c>engine</c>, <c>behind</c> or <c>ahead</c>.</param>
/// <param name="Differences">All differences, up to a limit.</param>
/// <param name="Legacy">Legacy's part; null: not kept.</param>
/// <param name="Lookup">The lookup's part.</param>
public sealed record ExampleReport(
    string Id,
    DateTimeOffset At,
    string Request,
    string? Key,
    Position? Position,
    DateTimeOffset? Clock,
    string Cause,
    IReadOnlyList<DifferenceReport> Differences,
    AnswerReport? Legacy,
    AnswerReport? Lookup
);

/// <summary>One difference.</summary>
/// <param name="Kind">As in <see cref="DifferenceLine"/>.</param>
/// <param name="Path">Where: <c>$.items[3].qty</c>.</param>
/// <param name="General">The general path.</param>
/// <param name="Legacy">Legacy's value as JSON text; null: it has none.</param>
/// <param name="Lookup">The lookup's value.</param>
public sealed record DifferenceReport(string Kind, string Path, string General, string? Legacy, string? Lookup);

/// <summary>An answer, or a part of one.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Headers">In the order sent.</param>
/// <param name="Body">The body's text; base64 if it isn't text.</param>
/// <param name="Base64">Whether it is base64.</param>
/// <param name="Bytes">The length of the complete body.</param>
/// <param name="Cut">Whether the body was longer than is kept.</param>
public sealed record AnswerReport(
    int Status,
    IReadOnlyList<HeaderReport> Headers,
    string Body,
    bool Base64,
    long Bytes,
    bool Cut
);

/// <summary>A header.</summary>
public sealed record HeaderReport(string Name, string Value);
