using Strangler.Evidence;

namespace Strangler.Gateway.Telemetry;

/// <summary>A part that was wrong after the lookup had answered it.</summary>
/// <param name="At">A timestamp.</param>
/// <param name="Time">When legacy's answer ended, by the gateway's clock.</param>
/// <param name="Scope">What its evidence is about.</param>
/// <param name="Fault">Identifies its fault.</param>
/// <param name="Cause">Whose fault it is.</param>
/// <param name="Key">Its key. Null: it has several.</param>
/// <param name="Paths">Where it differs.</param>
/// <param name="Example">The id of its example.</param>
internal sealed record WrongPart(
    long At,
    DateTimeOffset Time,
    EvidenceScope Scope,
    string Fault,
    string Cause,
    string? Key,
    IReadOnlyList<string> Paths,
    string Example
);
