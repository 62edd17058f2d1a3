using System.Text.Json;
using Strangler.Projections;

namespace Shop.Projections;

/// <summary>The shop's error answers.</summary>
internal static class Refusals
{
    public static readonly JsonSerializerOptions Json = JsonSerializerOptions.Web;

    public static Answer Bad(string error) => Answer.Json(400, new Refusal(error), Json);

    public static Answer Of(UnknownItem unknown) => Answer.Json(404, unknown, Json);

    public static Answer Of(UnknownArea unknown) => Answer.Json(400, unknown, Json);
}
