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
}
