using System.Text.Json;

namespace Strangler.Projections.Moments;

/// <summary>
/// Questions and answers as they are sent over HTTP. Documents are base64; each case of a union has a member, and all
/// but the actual case's are null.
/// </summary>
internal static class MomentsJson
{
    public const string Evaluate = "moments/evaluate";
    public const string Explain = "moments/explain";

    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);
}
