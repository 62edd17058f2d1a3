using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Promoting;

/// <summary>What became of a change of a route's stage.</summary>
internal abstract record StageChangeOutcome
{
    private StageChangeOutcome() { }

    /// <param name="Note">A note on the change. Null if there is none.</param>
    public sealed record Changed(string? Note) : StageChangeOutcome;

    /// <param name="Faults">Everything that prevents it; at least one.</param>
    public sealed record Refused(IReadOnlyList<Fault> Faults) : StageChangeOutcome;

    /// <param name="What">Why the store can't be read or written.</param>
    public sealed record StoreGone(string What) : StageChangeOutcome;
}
