using Microsoft.Extensions.Configuration;
using Strangler.Evidence.Gates;

namespace Strangler.Gateway.Configuration;

/// <summary>The <c>Strangler</c> section of a route, as the user wrote it.</summary>
/// <param name="RouteId">The route's id in YARP's configuration.</param>
/// <param name="Section">The section; every member is unparsed text.</param>
internal sealed record StranglerRouteConfig(string RouteId, IConfigurationSection Section)
{
    /// <summary>All members that a section may have.</summary>
    public static readonly IReadOnlyList<string> Members =
    [
        nameof(Stage),
        nameof(Projection),
        nameof(Key),
        nameof(Query),
        nameof(Body),
        HeaderInputsReader.DeclaredMember,
        HeaderInputsReader.IgnoredMember,
        HeaderInputsReader.DefaultsMember,
        nameof(IgnorePathForms),
        nameof(ReadOnly),
        nameof(MaxStaleness),
        FreshnessConfigReader.ModeMember,
        FreshnessConfigReader.TimeoutMember,
        nameof(MaxKeys),
        nameof(MaxBodyBytes),
        nameof(LookupTimeout),
        nameof(RespondLimit),
        nameof(Anonymous),
        nameof(AuthorizeBy),
        nameof(AnswerHeaders),
        nameof(ETag),
        nameof(Compress),
        nameof(Compare),
        nameof(Shadow),
        nameof(Recheck),
        nameof(Fallback),
        nameof(Gate),
        nameof(Guards),
        nameof(Promote),
        nameof(RawTarget),
    ];

    public string Path => Section.Path;

    /// <summary>
    /// Whether it is compared sooner or later: it says how, begins with it, or takes itself there.
    /// </summary>
    public bool MayBeCompared =>
        Shadow.Exists()
        || Recheck.Exists()
        || Promote == RouteConfigReader.Auto
        || StageTraits.Parse(Stage) is { } begin && begin.Traits().IsCompared;

    /// <summary>Where the route begins: <c>legacy</c>, <c>shadow</c> or <c>lookup</c>.</summary>
    /// <value>legacy</value>
    public string? Stage => Section[nameof(Stage)];

    /// <summary>The projection that answers it. Without one the route stays in legacy.</summary>
    public string? Projection => Section[nameof(Projection)];

    /// <summary><c>{routeValue}</c>, or a JSON path into the body.</summary>
    public string? Key => Section[nameof(Key)];

    /// <summary>Query parameters that Respond understands.</summary>
    public IReadOnlyList<string> Query => List(nameof(Query));

    /// <summary>JSON members of the body that Respond understands; nested ones by their dotted path.</summary>
    public IReadOnlyList<string> Body => List(nameof(Body));

    /// <summary>Forms of the path on which legacy's answer doesn't depend.</summary>
    public IConfigurationSection IgnorePathForms => Section.GetSection(nameof(IgnorePathForms));

    /// <summary>Whether the route only reads, though its method is not safe by HTTP's rules.</summary>
    /// <value>false</value>
    public string? ReadOnly => Section[nameof(ReadOnly)];

    /// <summary>The maximum age of the watermark at which the lookup answers.</summary>
    /// <value>1 minute</value>
    public string? MaxStaleness => Section[nameof(MaxStaleness)];

    /// <summary>The maximum number of keys of a request that the lookup answers.</summary>
    /// <value>100</value>
    public string? MaxKeys => Section[nameof(MaxKeys)];

    /// <summary>The maximum number of bytes of a body that are read to find keys.</summary>
    /// <value>65,536</value>
    public string? MaxBodyBytes => Section[nameof(MaxBodyBytes)];

    /// <summary>How long the store may take.</summary>
    /// <value>250 ms</value>
    public string? LookupTimeout => Section[nameof(LookupTimeout)];

    /// <summary>How long Respond may take.</summary>
    /// <value>500 ms</value>
    public string? RespondLimit => Section[nameof(RespondLimit)];

    /// <summary>
    /// Whether everybody may see all of the route's answers, although requests carry credentials or legacy refuses
    /// some.
    /// </summary>
    /// <value>false</value>
    public string? Anonymous => Section[nameof(Anonymous)];

    /// <summary>How legacy is asked whether a caller may see the route's answers.</summary>
    public IConfigurationSection AuthorizeBy => Section.GetSection(nameof(AuthorizeBy));

    /// <summary>Whether legacy gets the target as the client wrote it.</summary>
    /// <value>as <c>Gateway:RawTarget</c></value>
    public string? RawTarget => Section[nameof(RawTarget)];

    /// <summary>Whether the lookup's answers have tags, and requests may ask for what has changed.</summary>
    /// <value>false</value>
    public string? ETag => Section[nameof(ETag)];

    /// <summary>Whether the lookup's answers are compressed for clients that take that.</summary>
    /// <value>false</value>
    public string? Compress => Section[nameof(Compress)];

    /// <summary>Constant headers of the lookup's answers.</summary>
    public IConfigurationSection AnswerHeaders => Section.GetSection(nameof(AnswerHeaders));

    /// <summary>What counts when two answers of the route are compared.</summary>
    /// <value>everything</value>
    public IConfigurationSection Compare => Section.GetSection(nameof(Compare));

    /// <summary>How much of the route is compared in stage shadow, and how.</summary>
    public IConfigurationSection Shadow => Section.GetSection(nameof(Shadow));

    /// <summary>How much of the route is compared after the lookup has answered.</summary>
    public IConfigurationSection Recheck => Section.GetSection(nameof(Recheck));

    /// <summary>How much of the route may go to legacy because the lookup couldn't answer it.</summary>
    public IConfigurationSection Fallback => Section.GetSection(nameof(Fallback));

    /// <summary>What the evidence must show before the lookup may answer the route.</summary>
    public IConfigurationSection Gate => Section.GetSection(nameof(Gate));

    /// <summary>What takes the route back by itself.</summary>
    public IConfigurationSection Guards => Section.GetSection(nameof(Guards));

    /// <summary>Who takes the route forward: <c>command</c> or <c>auto</c>.</summary>
    /// <value>command</value>
    public string? Promote => Section[nameof(Promote)];

    private List<string> List(string member) =>
        [.. Section.GetSection(member).GetChildren().Select(child => child.Value).OfType<string>()];
}
