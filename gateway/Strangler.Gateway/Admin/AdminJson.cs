using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strangler.Gateway.Admin;

/// <summary>How the admin API writes JSON.</summary>
internal static class AdminJson
{
    public const string ProblemType = "application/problem+json";

    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>How a client reads it: JSON without the members that a gateway always writes comes from another
    /// program.</summary>
    public static readonly JsonSerializerOptions Strict = new(Options)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };
}
