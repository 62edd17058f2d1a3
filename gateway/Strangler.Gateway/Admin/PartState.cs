using System.Text.Json;

namespace Strangler.Gateway.Admin;

/// <summary>The state of a part of the system, as known to the process that starts it.</summary>
/// <param name="Part"><c>bridge</c>, <c>projections</c> or <c>gateway</c>.</param>
/// <param name="IsRunning">Whether it runs.</param>
/// <param name="Since">Since when.</param>
/// <param name="ExitCode">How its last run ended. Null if none has ended.</param>
/// <param name="Faults">What its last run reported before it ended, one sentence each.</param>
/// <param name="NextTry">When it is started again. Null if it runs.</param>
public sealed record PartState(
    string Part,
    bool IsRunning,
    DateTimeOffset Since,
    int? ExitCode,
    IReadOnlyList<string> Faults,
    DateTimeOffset? NextTry
)
{
    /// <summary>The newest error that the current run has logged. Null if it has logged none.</summary>
    public PartError? LastError { get; init; }

    /// <summary>One line of JSON.</summary>
    public static string ToLine(IReadOnlyList<PartState> states) => JsonSerializer.Serialize(states, AdminJson.Options);

    /// <summary>Null if the line doesn't describe parts.</summary>
    public static IReadOnlyList<PartState>? FromLine(string line)
    {
        try
        {
            return
                JsonSerializer.Deserialize<List<PartState>>(line, AdminJson.Options) is { } states
                && states.TrueForAll(state =>
                    state is { Part: not null, Faults: not null, LastError: null or { Text: not null } }
                )
                ? states
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
