using System.Text.Json;
using Strangler.Evidence;
using Strangler.Evidence.Gates;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Http;
using Strangler.Projections;

namespace Strangler.Gateway.Stages;

/// <summary>
/// Decides who answers a request. Pure: an input that the route doesn't declare never reaches the lookup, which doesn't
/// know its meaning.
/// </summary>
internal static class RequestRouter
{
    public static RoutingDecision Decide(StranglerRouteModel route, Stage stage, RequestFacts request)
    {
        if (!stage.Traits().UsesLookup || route.Lookup is not { } lookup)
            return RoutingDecision.CallGraph.Because(CallGraphReason.Stage);
        if (request.IsUpgrade)
            return RoutingDecision.CallGraph.Because(CallGraphReason.Upgrade);
        if (
            EffectiveMethod(request) is not { } method
            || !lookup.Methods.Contains(method)
            || !lookup.Methods.Contains(request.Method)
        )
            return RoutingDecision.CallGraph.Because(CallGraphReason.UndeclaredMethod);

        if (
            stage.Traits().LookupAnswers
            && (
                route.Gate.SaysWhoMaySee
                    // legacy, when it is asked, can't be shown the certificate
                    ? request.HasCertificate && route.AuthorizeBy is not null
                    : request.HasCertificate || HeaderRules.HaveCredentials(request.Headers)
            )
        )
            return RoutingDecision.CallGraph.Because(CallGraphReason.Credentials);
        if (
            HeaderRules.FindUndeclared(lookup.Headers, request.Headers, Understands(lookup, stage, request)) is not null
        )
            return RoutingDecision.CallGraph.Because(CallGraphReason.UndeclaredHeader);

        var query = new Dictionary<string, string>(request.Query.Count, StringComparer.Ordinal);
        foreach (var (name, value) in request.Query)
        {
            if (!lookup.Query.Contains(name))
                return RoutingDecision.CallGraph.Because(CallGraphReason.UndeclaredQuery);
            if (!query.TryAdd(name, value))
                return RoutingDecision.CallGraph.Because(CallGraphReason.RepeatedQuery);
        }

        JsonElement? body = null;
        if (lookup.Body.Count == 0)
        {
            if (request.Body is not BodyFacts.None)
                return RoutingDecision.CallGraph.Because(CallGraphReason.UndeclaredBody);
        }
        else
        {
            switch (request.Body)
            {
                case BodyFacts.Unread:
                    return RoutingDecision.ReadBody.Value;
                case BodyFacts.TooLarge:
                    return RoutingDecision.CallGraph.Because(CallGraphReason.BodyTooLarge);
                case BodyFacts.Json { Root.ValueKind: JsonValueKind.Object } json:
                    body = json.Root;
                    break;
                default:
                    return RoutingDecision.CallGraph.Because(CallGraphReason.BodyNotJson);
            }
        }
        try
        {
            if (body is { } root && MemberFault(root, "", lookup.Body) is { } fault)
                return RoutingDecision.CallGraph.Because(fault);
            return WithKeys(route, lookup, request, method, query, body);
        }
        // JsonElement throws this if an escape is half of a surrogate pair, which JSON's grammar allows but Unicode
        // doesn't
        catch (InvalidOperationException)
        {
            return RoutingDecision.CallGraph.Because(CallGraphReason.BodyNotJson);
        }
    }

    /// <summary>
    /// While legacy answers, whatever it sends other than 304 is what it sends without the condition. The lookup knows
    /// tags only; beside one, a time has no effect (RFC 9110, 13.1.3).
    /// </summary>
    private static bool Understands(RouteLookupModel lookup, Stage stage, RequestFacts request) =>
        !stage.Traits().LookupAnswers
        || lookup.HasTags
            && request.Method is ("GET" or "HEAD")
            && request.Headers.ContainsKey(HeaderRules.IfNoneMatch);

    private static RoutingDecision WithKeys(
        StranglerRouteModel route,
        RouteLookupModel lookup,
        RequestFacts request,
        string method,
        Dictionary<string, string> query,
        JsonElement? body
    )
    {
        var given = new List<string>();
        var read = lookup.Key switch
        {
            KeySource.RouteValue source => FromRoute(source, request.RouteValues, given),
            KeySource.Claim source => FromClaims(source, request.Claims, given),
            KeySource.JsonPath source => source.Collect(body, lookup.MaxKeys + 1, given),
            _ => throw new InvalidOperationException($"'{lookup.Key}' is not a source of keys."),
        };
        if (!read)
            return RoutingDecision.CallGraph.Because(CallGraphReason.KeyNotParsable);
        if (given.Count == 0)
            return RoutingDecision.CallGraph.Because(CallGraphReason.NoKey);
        if (given.Count > lookup.MaxKeys)
            return RoutingDecision.CallGraph.Because(CallGraphReason.TooManyKeys);
        var keys = new string[given.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            var (key, thrown) = KeyParser.Read(lookup.Responder, given[i]);
            if (thrown is not null)
                return RoutingDecision.CallGraph.BecauseKeyThrew(thrown);
            if (key is null)
                return RoutingDecision.CallGraph.Because(CallGraphReason.KeyNotParsable);
            if (!string.Equals(key, given[i], StringComparison.Ordinal))
            {
                return RoutingDecision.CallGraph.Because(
                    lookup.Key is KeySource.RouteValue ? CallGraphReason.PathForm : CallGraphReason.KeyForm
                );
            }
            keys[i] = key;
        }
        var question = request.Target.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? request.Target : request.Target[..question];
        if (!route.Template.IsSpelledBy(path, request.RouteValues, lookup.IgnoredForms))
            return RoutingDecision.CallGraph.Because(CallGraphReason.PathForm);
        if (!UrlSpelling.IsPlainQuery(question < 0 ? null : request.Target[(question + 1)..], lookup.Query))
        {
            return RoutingDecision.CallGraph.Because(CallGraphReason.QueryForm);
        }
        return new RoutingDecision.FromLookup(
            keys,
            new AnswerRequest(method == "HEAD" ? "GET" : method, request.RouteValues, query, body)
            {
                Headers = HeaderRules.Declared(lookup.Headers, request.Headers),
            }
        );
    }

    /// <summary>
    /// The method that a server would act on, including override headers. Null if two of them disagree.
    /// </summary>
    private static string? EffectiveMethod(RequestFacts request)
    {
        var method = request.Method;
        for (var i = 0; i < request.Overrides.Count; i++)
        {
            var named = request.Overrides[i].Trim().ToUpperInvariant();
            if (i > 0 && named != method)
                return null;
            method = named;
        }
        return method;
    }

    /// <summary>
    /// ASP.NET's routing leaves %2F encoded (RFC 3986, 2.2), and its interpretation is up to the server behind this
    /// gateway.
    /// </summary>
    private static bool FromRoute(
        KeySource.RouteValue source,
        IReadOnlyDictionary<string, string> values,
        List<string> given
    )
    {
        if (!values.TryGetValue(source.Name, out var value))
            return true;
        if (value.Contains("%2F", StringComparison.OrdinalIgnoreCase))
            return false;
        given.Add(value);
        return true;
    }

    /// <summary>Which of several customers a caller means is up to legacy.</summary>
    private static bool FromClaims(
        KeySource.Claim source,
        IReadOnlyList<KeyValuePair<string, string>> claims,
        List<string> given
    )
    {
        var values = claims
            .Where(claim => claim.Key == source.Type)
            .Select(claim => claim.Value)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (values is [var only])
            given.Add(only);
        return true;
    }

    /// <summary>Nested members are declared by their dotted path. Arrays add nothing to it.</summary>
    private static CallGraphReason? MemberFault(JsonElement value, string path, IReadOnlySet<string> declared)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in value.EnumerateArray())
            {
                if (MemberFault(element, path, declared) is { } fault)
                    return fault;
            }
        }
        if (value.ValueKind != JsonValueKind.Object)
            return null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            var name = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (!declared.Contains(name))
                return CallGraphReason.UndeclaredMember;
            if (!seen.Add(member.Name))
                return CallGraphReason.RepeatedMember;
            if (MemberFault(member.Value, name, declared) is { } fault)
                return fault;
        }
        return null;
    }
}
