namespace Strangler.Evidence.Reports;

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
