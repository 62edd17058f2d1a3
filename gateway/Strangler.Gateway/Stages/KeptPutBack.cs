using Strangler.Evidence.Gates;

namespace Strangler.Gateway.Stages;

/// <summary>A <see cref="StageTable.PutBack"/> in the file that a gateway keeps.</summary>
internal sealed record KeptPutBack(
    int Version,
    string To,
    string Who,
    string Why,
    string? Guard,
    bool IsFrozen,
    string? Evidence
)
{
    public static KeptPutBack Of(StageTable.PutBack putBack) =>
        new(
            putBack.Version,
            putBack.To.Text(),
            putBack.Who,
            putBack.Why,
            putBack.Guard,
            putBack.IsFrozen,
            putBack.Evidence
        );

    /// <param name="route">The route that was put back.</param>
    public StageTable.PutBack ToPutBack(string route) =>
        new(route, Version, Why)
        {
            To = StageTraits.Parse(To)!.Value,
            Who = Who,
            Guard = Guard,
            IsFrozen = IsFrozen,
            Evidence = Evidence,
        };
}
