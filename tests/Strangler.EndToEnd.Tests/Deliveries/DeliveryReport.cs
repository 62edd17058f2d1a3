namespace Strangler.EndToEnd.Tests.Deliveries;

/// <param name="Faults">What must not be; empty for a delivery that is right.</param>
/// <param name="EventCount">All messages.</param>
/// <param name="RepeatCount">Those that were there before.</param>
/// <param name="LargestWindow">How many events the run went back that went back furthest.</param>
/// <param name="RunCount">The sessions of the bridge that sent anything.</param>
internal sealed record DeliveryReport(
    IReadOnlyList<DeliveryFault> Faults,
    int EventCount,
    int RepeatCount,
    int LargestWindow,
    int RunCount
)
{
    public override string ToString() =>
        $"{EventCount} events in {RunCount} runs, {RepeatCount} repeated, from at most {LargestWindow} back"
        + string.Concat(Faults.Take(12).Select(fault => $"\n{fault}"));
}
