using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// Writes a query that transforms have changed, and keeps the client's spelling and order of parameters that they left
/// unchanged.
/// </summary>
internal static class QuerySpelling
{
    /// <param name="raw">The query as the client wrote it.</param>
    /// <param name="before">The query as the server parsed it.</param>
    /// <param name="after">That query after the transforms.</param>
    public static string Of(
        string raw,
        IEnumerable<KeyValuePair<string, StringValues>> before,
        IDictionary<string, StringValues> after
    )
    {
        var known = before.ToDictionary(StringComparer.OrdinalIgnoreCase);
        var pieces = new List<string>();
        var list = raw.StartsWith('?') ? raw[1..] : raw; // another question mark belongs to a name
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
