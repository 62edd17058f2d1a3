using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Http;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Configuration;

/// <summary>
/// Reads <c>Strangler:AnswerHeaders</c> of a route, the constants that each answer of its lookup has, and what else
/// shapes these answers.
/// </summary>
internal static class AnswerHeadersConfigReader
{
    private const string ContentType = "Content-Type";
    private const string OfResponses = "Response";

    /// <param name="section">For each header its name and a value or a list of values.</param>
    /// <param name="faults">Where faults are added.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(IConfigurationSection section, List<Fault> faults)
    {
        if (section.Value is { Length: > 0 })
            faults.Add(
                new Fault(
                    section.Path,
                    "It is a text where a section is needed.",
                    "Write it as in { \"Cache-Control\": \"no-store\" }."
                )
            );
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var entry in section.GetChildren())
        {
            if (!HeaderNames.IsName(entry.Key))
                faults.Add(
                    new Fault(
                        entry.Path,
                        $"'{entry.Key}' is not a header's name.",
                        "Write it as it is sent, such as 'Cache-Control'."
                    )
                );
            else if (
                HeaderNames.OfTheServer.Contains(entry.Key)
                || entry.Key.Equals(ContentType, StringComparison.OrdinalIgnoreCase)
            )
            {
                faults.Add(
                    new Fault(
                        entry.Path,
                        $"'{entry.Key}' can't be a constant: it depends on each answer.",
                        $"Remove it; '{ContentType}' is made by Respond, and the others by the server."
                    )
                );
            }
            foreach (var value in entry.Value is null ? entry.GetChildren() : [entry])
            {
                if (HeaderNames.IsValue(value.Value))
                    headers.Add(new(entry.Key, value.Value!));
                else
                    faults.Add(
                        new Fault(
                            value.Path,
                            "It is not a header's value.",
                            "Write printable ASCII on one line, or a list of such values."
                        )
                    );
            }
        }
        return headers;
    }

    /// <summary>
    /// The headers that the route adds, its response transforms, and who may see its answers, as lines. If one changes,
    /// evidence starts over.
    /// </summary>
    public static IReadOnlyList<string> Shape(
        IReadOnlyList<KeyValuePair<string, string>> constants,
        bool hasTags,
        bool compresses,
        AuthorizeByModel? authorizeBy,
        RouteConfig route
    ) =>
        [
            .. constants.Select(constant => $"{constant.Key.ToLowerInvariant()}: {constant.Value}"),
            .. hasTags ? ["etag"] : (string[])[],
            .. compresses ? ["vary"] : (string[])[],
            .. PolicyNames.IsDefined(route.AuthorizationPolicy)
                ? [$"policy {route.AuthorizationPolicy}"]
                : (string[])[],
            .. authorizeBy is { } by ? [$"ask {by.Target.Text} {string.Join(' ', by.Headers)}"] : (string[])[],
            .. (route.Transforms ?? []).Where(OfResponse).Select((transform, index) => $"{index} {Members(transform)}"),
        ];

    private static string Members(IReadOnlyDictionary<string, string> transform) =>
        string.Join(
            "; ",
            transform
                .OrderBy(member => member.Key, StringComparer.OrdinalIgnoreCase)
                .Select(member => $"{member.Key}={member.Value}")
        );

    private static bool OfResponse(IReadOnlyDictionary<string, string> transform) =>
        transform.Keys.Any(key => key.StartsWith(OfResponses, StringComparison.OrdinalIgnoreCase));
}
