using Strangler.Projections;

namespace Strangler.Gateway.Lookup;

/// <summary>The constant headers of a route, which legacy or a proxy in front of it writes into each answer.</summary>
internal static class ConstantHeaders
{
    /// <summary>Adds those that the answer doesn't have. The route's response transforms follow later.</summary>
    public static Answer AddTo(Answer answer, IReadOnlyList<KeyValuePair<string, string>> constants)
    {
        if (constants.Count == 0)
            return answer;
        var own = answer.Headers.Select(header => header.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return answer with
        {
            Headers = [.. answer.Headers, .. constants.Where(constant => !own.Contains(constant.Key))],
        };
    }
}
