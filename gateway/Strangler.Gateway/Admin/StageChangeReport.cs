using System.Text.Json;

namespace Strangler.Gateway.Admin;

/// <summary>A change of a route's stage.</summary>
/// <param name="From">Null if the route was new.</param>
/// <param name="Forced">Whether somebody bypassed the gate.</param>
/// <param name="Evidence">The evidence at that time. Null if the stage requires none.</param>
public sealed record StageChangeReport(
    int Version,
    string? From,
    string To,
    DateTimeOffset ChangedAt,
    string Who,
    string Why,
    bool Forced,
    JsonElement? Evidence
)
{
    /// <summary>The rule of the guard that tripped. Null: none did.</summary>
    public string? Guard { get; init; }

    /// <summary>Whether the route isn't promoted since, until a person lifts that.</summary>
    public bool Frozen { get; init; }
}
