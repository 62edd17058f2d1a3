using Strangler.Gateway.Stages;
using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// The other spellings of a request with one key: in lower or upper case, and of the key also without blanks, leading
/// zeros, or an extension such as <c>.json</c>. Pure.
/// </summary>
internal static class RequestSpellings
{
    private const int MaxSpellings = 12;
    private const int MaxExtensionLength = 5;

    public static IReadOnlyList<RequestSpelling> Of(string key, AnswerRequest request, IResponder responder)
    {
        var keys = Others(key)
            .Select(other => KeyParser.Read(responder, other).Key)
            .OfType<string>()
            .Where(other => other != key)
            .Distinct(StringComparer.Ordinal)
            .Select(other => new RequestSpelling(
                other,
                request with
                {
                    RouteValues = request.RouteValues.ToDictionary(
                        value => value.Key,
                        value => value.Value == key ? other : value.Value,
                        StringComparer.OrdinalIgnoreCase
                    ),
                },
                $"the key '{key}'",
                $"'{other}'"
            ));
        var inputs = request.Query.SelectMany(parameter =>
            Cases(parameter.Value)
                .Where(other => other != parameter.Value)
                .Select(other => new RequestSpelling(
                    key,
                    request with
                    {
                        Query = request.Query.ToDictionary(
                            one => one.Key,
                            one => one.Key == parameter.Key ? other : one.Value,
                            StringComparer.Ordinal
                        ),
                    },
                    $"the parameter '{parameter.Key}={parameter.Value}'",
                    $"'{parameter.Key}={other}'"
                ))
        );
        return [.. keys.Concat(inputs).Take(MaxSpellings)];
    }

    private static IEnumerable<string> Others(string key)
    {
        foreach (var other in Cases(key))
            yield return other;
        yield return key.Trim();
        if (key.TrimStart('0') is { Length: > 0 } plain)
            yield return plain;
        var dot = key.LastIndexOf('.');
        if (dot > 0 && key.Length - dot <= MaxExtensionLength)
            yield return key[..dot];
    }

    private static string[] Cases(string text) => [text.ToLowerInvariant(), text.ToUpperInvariant()];
}
