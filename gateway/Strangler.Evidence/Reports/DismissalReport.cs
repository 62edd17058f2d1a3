namespace Strangler.Evidence.Reports;

/// <summary>A fault that a person has dismissed: the gate doesn't count it. It is kept for ever.</summary>
/// <param name="Example">The example by which it was dismissed. It may no longer be kept itself.</param>
/// <param name="Fault">Identifies the fault among those of the route: twelve hexadecimal digits.</param>
/// <param name="Cause">As in <see cref="ExampleReport"/>.</param>
/// <param name="Paths">Each kind of difference with its general path: <c>value $.items[*].qty</c>.</param>
/// <param name="Reason">Why.</param>
/// <param name="Who">Who dismissed it.</param>
/// <param name="At">When, by the store's clock.</param>
public sealed record DismissalReport(
    string Example,
    string Fault,
    string Cause,
    IReadOnlyList<string> Paths,
    string Reason,
    string Who,
    DateTimeOffset At
)
{
    /// <summary>How many parts were wrong by it, in the current scope.</summary>
    public long Count { get; init; }
}
