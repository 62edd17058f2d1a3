using System.Text.Json;
using Shop.Faults;

namespace Strangler.Legacy.Tests.Faults;

/// <summary>An entry of <c>faults.json</c>.</summary>
internal sealed record PlantedFault(
    string Name,
    string Projection,
    string Wrong,
    IReadOnlyList<string> Fields,
    string Keys
)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    public static IReadOnlyList<PlantedFault> All { get; } =
        JsonSerializer.Deserialize<List<PlantedFault>>(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "faults.json")),
            Json
        )!;

    /// <summary>The class of the same name.</summary>
    public Type Class => typeof(IPlantedFault).Assembly.GetType($"Shop.Faults.{Projection}", throwOnError: true)!;
}
