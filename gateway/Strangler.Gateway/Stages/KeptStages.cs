using System.Text.Json;
using Strangler.Evidence.Gates;

namespace Strangler.Gateway.Stages;

/// <summary>The stages that a gateway keeps in a file, for a start at which the store doesn't answer.</summary>
/// <param name="Format">The shape of the file.</param>
/// <param name="Store">The store that they are of.</param>
/// <param name="SavedAt">When they changed last, by the gateway's clock.</param>
/// <param name="Routes">All routes of the store.</param>
internal sealed record KeptStages(string Format, string Store, DateTimeOffset SavedAt, IReadOnlyList<KeptRoute> Routes)
{
    public const string CurrentFormat = "strangler-stages/1";

    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public string ToText() => JsonSerializer.Serialize(this, Options);

    /// <exception cref="FormatException">The text isn't whole, or of another format.</exception>
    public static KeptStages Parse(string text)
    {
        try
        {
            if (
                JsonSerializer.Deserialize<KeptStages>(text, Options) is { Format: CurrentFormat } kept
                && kept.Routes.All(route => StageText.TryParse(route.Stage, out _))
                && kept.Routes.All(route => route.PutBack is not { } one || StageText.TryParse(one.To, out _))
                && kept.Routes.DistinctBy(route => route.Route, StringComparer.Ordinal).Count() == kept.Routes.Count
            )
                return kept;
        }
        catch (JsonException exception)
        {
            throw new FormatException("It isn't whole.", exception);
        }
        throw new FormatException("It is of another format, or damaged.");
    }
}
