namespace Strangler.Evidence.Reports;

/// <summary>Headers that no rule compares or ignores, and that differ between two answers with one status.</summary>
/// <param name="Compared">Answers whose headers were compared.</param>
/// <param name="Lines">The different headers: first those that legacy sends and the lookup doesn't.</param>
public sealed record HeadersReport(long Compared, IReadOnlyList<HeaderLine> Lines)
{
    public static readonly HeadersReport None = new(0, []);
}
