using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Configuration;

/// <summary>
/// Which requests a route takes, and what it reads of them, as lines. Evidence is about such requests: if a line
/// changes, it starts over.
/// </summary>
internal static class RequestShape
{
    /// <param name="match">As YARP reads it.</param>
    /// <param name="key">Where the requests have their keys, as written. Null if the route has none.</param>
    /// <param name="lookup">What it declares. Null if no projection answers it.</param>
    public static IReadOnlyList<string> Of(RouteMatch match, string? key, RouteLookupModel? lookup) =>
        [
            $"path {match.Path}",
            .. (match.Methods ?? []).Select(method => $"method {method.ToUpperInvariant()}"),
            .. (match.Hosts ?? []).Select(host => $"host {host.ToLowerInvariant()}"),
            .. (match.Headers ?? []).Select(header =>
                $"header {header.Name.ToLowerInvariant()} {header.Mode} {header.IsCaseSensitive} {List(header.Values)}"
            ),
            .. (match.QueryParameters ?? []).Select(parameter =>
                $"parameter {parameter.Name} {parameter.Mode} {parameter.IsCaseSensitive} {List(parameter.Values)}"
            ),
            $"key {key}",
            .. lookup is null ? [] : Declared(lookup),
        ];

    private static IEnumerable<string> Declared(RouteLookupModel lookup) =>
        [
            .. lookup.Query.Select(name => $"query {name}"),
            .. lookup.Body.Select(member => $"body {member}"),
            .. lookup.Headers.Declared.Select(name => $"declared {name.ToLowerInvariant()}"),
            .. lookup.Headers.Ignored.Select(name => $"ignored {name.ToLowerInvariant()}"),
            .. PathFormsReader.Shape(lookup.IgnoredForms),
            .. lookup.Headers.Defaults.Select(one => $"default {one.Key.ToLowerInvariant()} {List(one.Value)}"),
        ];

    private static string List(IEnumerable<string>? values) =>
        string.Join(' ', (values ?? []).Order(StringComparer.Ordinal).Select(value => $"{value.Length} {value}"));
}
