using Microsoft.AspNetCore.Routing.Patterns;
using Strangler.Evidence.Gates;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Projections;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Configuration;

/// <summary>Reads the <c>Strangler</c> section of one route: what it means, or all its faults.</summary>
internal sealed class RouteConfigReader(
    StranglerRouteConfig config,
    RouteConfig route,
    IReadOnlyDictionary<string, IResponder>? responders,
    ReadOnlyMemory<byte> hashKey,
    List<Fault> faults
)
{
    /// <summary>How it is written that a route promotes itself.</summary>
    public const string Auto = "auto";
    private const int MaxAllowedBodyBytes = 512 << 10;

    private static readonly string[] SafeMethods = ["GET", "HEAD"];

    /// <summary>
    /// Methods of the server (RFC 9110, 9.3), which no document answers. A route may have them: legacy answers them.
    /// </summary>
    private static readonly string[] NeverAnswered = ["OPTIONS", "TRACE"];
    private static readonly TimeSpan MaxAllowedLimit = TimeSpan.FromMinutes(1);

    private readonly SectionValues _values = new(config.Section, faults);

    /// <summary>Null if the section has a fault.</summary>
    public StranglerRouteModel? Read()
    {
        var before = faults.Count;
        UnknownMembers.Find(config.Section, StranglerRouteConfig.Members, faults);
        var begin = Begin();
        var constants = AnswerHeadersConfigReader.Read(config.AnswerHeaders, faults);
        var headers = HeaderInputsReader.Read(
            config.Section,
            faults,
            hasCors: PolicyNames.IsDefined(route.CorsPolicy) && !PolicyNames.Is(route.CorsPolicy, PolicyNames.Disable)
        );
        var hasTags = _values.Flag(nameof(config.ETag), false);
        var compresses = _values.Flag(nameof(config.Compress), false);
        var forms = PathFormsReader.Read(config.IgnorePathForms, faults);
        var freshness = FreshnessConfigReader.Read(config.Section, faults);
        var lookup = Lookup() is { } of
            ? of with
            {
                AnswerHeaders = constants,
                HasTags = hasTags,
                Compresses = compresses,
                IgnoredForms = forms,
                Headers = headers,
                Freshness = freshness,
            }
            : null;
        if (lookup is not null)
            FreshnessConfigReader.FindTooStale(config.Section, freshness, lookup.MaxStaleness, faults);
        var authorizeBy = AuthorizeByConfigReader.Read(config.AuthorizeBy, Parameters(), faults);
        var compare = new CompareConfigReader(config.Compare, hashKey, faults).Read() with
        {
            AnswerShape = AnswerHeadersConfigReader.Shape(constants, hasTags, compresses, authorizeBy, route),
            RequestShape = RequestShape.Of(route.Match, config.Key, lookup),
        };
        var shadow = new ShadowConfigReader(config.Shadow, faults).Read();
        var recheck = RecheckConfigReader.Read(config.Recheck, faults);
        var fallback = FallbackConfigReader.Read(config.Fallback, faults);
        var gate = new GateConfigReader(config.Gate, faults).Read() with
        {
            IsAnonymous = _values.Flag(nameof(config.Anonymous), false),
            AsksLegacy = authorizeBy is not null,
            HasPolicy =
                route.AuthorizationPolicy is { Length: > 0 } policy && !PolicyNames.Is(policy, PolicyNames.Anonymous),
        };
        var guards = new GuardConfigReader(config.Guards, faults).Read();
        if (authorizeBy is not null && gate.IsAnonymous)
            Add(
                nameof(config.AuthorizeBy),
                "Legacy is asked who may see the route, which is declared 'Anonymous': everybody may.",
                "Leave one of them out."
            );
        bool? rawTarget = config.RawTarget is null ? null : _values.Flag(nameof(config.RawTarget), true);
        if (begin.Traits().UsesLookup && config.Projection is null)
            Add(
                nameof(config.Stage),
                $"The route begins in stage '{begin.Text()}' but names no projection.",
                "Also set 'Projection' and 'Key', or begin in 'legacy'."
            );
        if (route.OutputCachePolicy is not null && config.Projection is not null)
            Add(
                nameof(config.Projection),
                "The route has an output cache policy, and a kept answer would be older than 'MaxStaleness' knows.",
                "Leave 'OutputCachePolicy' of the route out: a lookup needs no cache."
            );
        var promote = Promote();
        if (faults.Count > before)
            return null;
        return new StranglerRouteModel(config.RouteId, route.Match.Path ?? "/{**catchall}", begin, lookup)
        {
            Route = route,
            Stamp = SectionStamp.Of(config.Section),
            Compare = compare,
            Shadow = shadow,
            Recheck = recheck,
            Fallback = fallback,
            Gate = gate,
            Guards = guards,
            Promote = promote,
            AuthorizeBy = authorizeBy,
            RawTarget = rawTarget,
            Unloaded = responders is null ? config.Projection : null,
        };
    }

    private Stage Begin()
    {
        if (config.Stage is null)
            return Stage.Legacy;
        if (!StageText.TryParse(config.Stage, out var stage))
            Add(nameof(config.Stage), $"'{config.Stage}' is not a stage.", $"The stages are {StageText.All}.");
        return stage;
    }

    private PromotionMode Promote()
    {
        switch (config.Promote)
        {
            case null or "command":
                return PromotionMode.Command;
            case Auto:
                if (config.Projection is null)
                    Add(
                        nameof(config.Promote),
                        "The route promotes itself but names no projection.",
                        "Also set 'Projection' and 'Key', or leave it out."
                    );
                return PromotionMode.Auto;
            default:
                Add(
                    nameof(config.Promote),
                    $"'{config.Promote}' is not a way to promote a route.",
                    "Write 'auto', or 'command', which is the default."
                );
                return PromotionMode.Command;
        }
    }

    private RouteLookupModel? Lookup()
    {
        IResponder? responder = null;
        if (
            config.Projection is { } projection
            && responders is not null
            && !responders.TryGetValue(projection, out responder)
        )
            Add(nameof(config.Projection), $"The projection '{projection}' does not exist.", KnownProjections());
        var key = Key();
        var methods = Methods();
        var query = Names(nameof(config.Query), config.Query);
        var body = Names(nameof(config.Body), config.Body);
        if (key is KeySource.JsonPath path)
        {
            foreach (var member in path.Members().Where(member => !body.Contains(member)))
            {
                Add(
                    nameof(config.Key),
                    $"The key '{path.Text}' passes the member '{member}', which the route does not declare.",
                    $"Add '{member}' to 'Body'."
                );
            }
            if (methods.All(method => SafeMethods.Contains(method)))
                Add(
                    nameof(config.Key),
                    $"The key '{path.Text}' is in the body, but the route takes only methods without one.",
                    "Name the method in 'Match:Methods', such as POST, and set 'ReadOnly'."
                );
        }
        var maxStaleness = _values.Time(
            nameof(config.MaxStaleness),
            TimeSpan.FromMinutes(1),
            TimeSpan.FromMilliseconds(1),
            TimeSpan.MaxValue
        );
        var maxKeys = _values.Number(nameof(config.MaxKeys), 100, 1, 10_000);
        var maxBodyBytes = _values.Number(nameof(config.MaxBodyBytes), 64 << 10, 1, MaxAllowedBodyBytes);
        var lookupTimeout = _values.Time(
            nameof(config.LookupTimeout),
            TimeSpan.FromMilliseconds(250),
            TimeSpan.FromMilliseconds(1),
            MaxAllowedLimit
        );
        var respondLimit = _values.Time(
            nameof(config.RespondLimit),
            TimeSpan.FromMilliseconds(500),
            TimeSpan.FromMilliseconds(1),
            MaxAllowedLimit
        );
        return responder is not null && key is not null
            ? new RouteLookupModel(
                responder,
                key,
                methods,
                query,
                body,
                maxStaleness,
                maxKeys,
                maxBodyBytes,
                lookupTimeout,
                respondLimit
            )
            : null;
    }

    private KeySource? Key()
    {
        if (config.Key is not { } text)
        {
            if (config.Projection is not null)
                Add(
                    nameof(config.Key),
                    "The route names a projection but no key.",
                    "Name a value of the route's template, such as '{sku}', "
                        + "or a JSON path into the body, such as '$.skus[*]'."
                );
            return null;
        }
        if (!KeySource.TryParse(text, out var source))
        {
            Add(
                nameof(config.Key),
                $"'{text}' is not a key.",
                "Write '{name}' for a value of the route's template, 'claim:type' for a claim of the caller, or a JSON "
                    + "path of members and [*], such as '$.sku' or '$.skus[*]'."
            );
            return null;
        }
        if (source is KeySource.Claim && !PolicyNames.IsDefined(route.AuthorizationPolicy))
            Add(
                nameof(config.Key),
                "The key is a claim, and no policy of the route makes callers show who they are.",
                "Set 'AuthorizationPolicy' of the route."
            );
        if (
            source is KeySource.RouteValue value
            && Parameters() is { } parameters
            && !parameters.Contains(value.Name, StringComparer.OrdinalIgnoreCase)
        )
        {
            Add(
                nameof(config.Key),
                $"The path '{route.Match.Path}' has no value '{value.Name}'.",
                parameters.Count == 0 ? "Add it to 'Match:Path'." : $"It has {Sentence.List(parameters)}."
            );
        }
        return source;
    }

    /// <summary>
    /// Names in the path's template. Null if it isn't a valid template, which YARP's own validation reports.
    /// </summary>
    private List<string>? Parameters()
    {
        try
        {
            return
            [
                .. RoutePatternFactory
                    .Parse(route.Match.Path ?? "/{**catchall}")
                    .Parameters.Select(parameter => parameter.Name),
            ];
        }
        catch (RoutePatternException)
        {
            return null;
        }
    }

    private HashSet<string> Methods()
    {
        var readOnly = _values.Flag(nameof(config.ReadOnly), false);
        var declared =
            route.Match.Methods?.Select(method => method.ToUpperInvariant()).ToHashSet(StringComparer.Ordinal) ?? [];
        if (declared.Count == 0)
        {
            if (readOnly)
                Add(
                    nameof(config.ReadOnly),
                    "The route is read-only but names no method.",
                    "Name its methods in 'Match:Methods'; without them only GET and HEAD are answered by the lookup."
                );
            return [.. SafeMethods];
        }
        declared.ExceptWith(NeverAnswered);
        if (declared.Count == 0 && config.Projection is not null)
        {
            Add(
                nameof(config.Projection),
                "The route takes only methods that the lookup never answers, and names a projection.",
                "Add GET to 'Match:Methods', or leave 'Projection' out."
            );
        }
        var unsafeMethods = declared.Except(SafeMethods).ToList();
        if (unsafeMethods.Count > 0 && !readOnly && config.Projection is not null)
        {
            Add(
                nameof(config.ReadOnly),
                $"The route takes {Sentence.List(unsafeMethods)}, which may change something, and names a projection.",
                "Set 'ReadOnly' to true if it only reads, or move the method to a route of its own."
            );
        }
        return declared;
    }

    private HashSet<string> Names(string member, IReadOnlyList<string> names)
    {
        if (config.Section[member] is { Length: > 0 })
            Add(member, "It is a text where a list is needed.", "Write it in brackets: [\"name\"].");
        foreach (var name in names.Where(string.IsNullOrWhiteSpace))
            Add(member, $"'{name}' is not a name.", "Remove it, or name a parameter.");
        return names.ToHashSet(StringComparer.Ordinal);
    }

    private string KnownProjections() =>
        responders is null or { Count: 0 }
            ? "No projection has been loaded: name their assembly in 'Projections:Assemblies'."
            : $"The projections are {Sentence.List(responders.Keys.Order(StringComparer.Ordinal))}.";

    private void Add(string member, string problem, string wayOut) =>
        faults.Add(new Fault($"{config.Path}:{member}", problem, wayOut));
}
