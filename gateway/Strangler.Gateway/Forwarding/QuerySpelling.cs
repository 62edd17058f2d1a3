using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// Writes a query that transforms have changed, so that parameters which they left alone stand in it as the client
/// wrote them, in their places.
/// </summary>
internal static class QuerySpelling
{
    /// <param name="raw">The query as the client wrote it.</param>
    /// <param name="before">What the server read in it.</param>
    /// <param name="after">What the transforms made of that.</param>
    public static string Of(
        string raw,
        IEnumerable<KeyValuePair<string, StringValues>> before,
        IDictionary<string, StringValues> after
    )
    {
        var known = before.ToDictionary(StringComparer.OrdinalIgnoreCase);
        var pieces = new List<string>();
        var list = raw.StartsWith('?') ? raw[1..] : raw; // a further question mark belongs to a name
        foreach (var piece in list.Split('&'))
        {
            var name = QueryHelpers.ParseQuery($"?{piece}").Keys.SingleOrDefault();
            if (name is null || IsLeft(name))
                pieces.Add(piece);
        }
        foreach (var (name, values) in after)
        {
            if (IsLeft(name))
                continue;
            var written = Uri.EscapeDataString(name);
            pieces.AddRange(values.Select(value => $"{written}={Uri.EscapeDataString(value ?? "")}"));
        }
        var query = string.Join('&', pieces.Where((piece, index) => piece.Length > 0 || index > 0));
        return query.Length == 0 ? "" : $"?{query}";

        bool IsLeft(string name) =>
            known.TryGetValue(name, out var was) && after.TryGetValue(name, out var now) && was == now;
    }
}
