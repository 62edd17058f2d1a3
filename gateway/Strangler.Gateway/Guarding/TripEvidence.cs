using System.Text.Encodings.Web;
using System.Text.Json;
using Strangler.Evidence.Guards;
using Strangler.Gateway.Telemetry;

namespace Strangler.Gateway.Guarding;

/// <summary>What is kept for ever with a trip: figures, and examples without values of answers.</summary>
/// <param name="Guard">The rule.</param>
/// <param name="Found">What it found.</param>
/// <param name="Figure">In short.</param>
/// <param name="Limit">The limit, in short.</param>
/// <param name="Figures">Everything that was known.</param>
/// <param name="Examples">The first wrong parts, at most 10: the first examples are kept the longest.</param>
internal sealed record TripEvidence(
    string Guard,
    string Found,
    string? Figure,
    string Limit,
    GuardFigures Figures,
    IReadOnlyList<TripEvidence.Example> Examples
)
{
    private const int MaxExamples = 10;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(GuardLine line, GuardFigures figures, IReadOnlyList<WrongPart> wrong) =>
        JsonSerializer.Serialize(
            new TripEvidence(
                line.Name,
                line.Found,
                line.Figure,
                line.Limit,
                figures,
                [
                    .. wrong
                        .OrderBy(part => part.Time)
                        .Take(MaxExamples)
                        .Select(part => new Example(part.Example, part.Key, part.Cause, part.Paths)),
                ]
            ),
            Json
        );

    /// <summary>A wrong part.</summary>
    /// <param name="Id">The id of its example, as <c>strangler explain</c> takes it.</param>
    /// <param name="Key">Its key. Null: it has several.</param>
    /// <param name="Cause">Whose fault it is.</param>
    /// <param name="Paths">Where it differs.</param>
    internal sealed record Example(string Id, string? Key, string Cause, IReadOnlyList<string> Paths);
}
