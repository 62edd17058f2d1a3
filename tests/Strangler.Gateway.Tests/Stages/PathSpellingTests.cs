using System.Globalization;
using System.Text;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Strangler.Evidence;
using Strangler.Evidence.Gates;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Http;
using Strangler.Gateway.Stages;
using Strangler.Projections;
using Xunit;

namespace Strangler.Gateway.Tests.Stages;

/// <summary>
/// The lookup answers one spelling of a path, the canonical one. The oracle here computes it in another way than the
/// product.
/// </summary>
public sealed class PathSpellingTests
{
    private static readonly (string Template, Func<string, string> Path)[] Templates =
    [
        ("/api/lk/{key}", key => $"/api/lk/{key}"),
        ("api/lk/{key}", key => $"/api/lk/{key}"),
        ("/api/lk/{key}/availability", key => $"/api/lk/{key}/availability"),
        ("/django/{key}/", key => $"/django/{key}/"),
        ("/issues/{key}.json", key => $"/issues/{key}.json"),
        ("/straße/Ünits/{key?}", key => $"/stra%C3%9Fe/%C3%9Cnits/{key}"),
        ("/a+b;c/v{key}", key => $"/a+b;c/v{key}"),
        ("/files/{**key}", key => $"/files/{key}"),
    ];

    private static readonly IResponder[] Responders =
    [
        new KeyResponder<int>(),
        new KeyResponder<long>(),
        new KeyResponder<Guid>(),
        new KeyResponder<Text>(),
        new KeyResponder<Pair>(),
    ];

    /// <summary>Keys of all types, as canonical text.</summary>
    private static Gen<(IResponder Responder, string Key)> Keys =>
        Gen.OneOf(
            Gen.Int.Select(key => (Responders[0], key.ToString(CultureInfo.InvariantCulture))),
            Gen.Long.Select(key => (Responders[1], key.ToString(CultureInfo.InvariantCulture))),
            Gen.Guid.Select(key => (Responders[2], key.ToString())),
            Texts.Select(key => (Responders[3], key)),
            Gen.Select(Gen.Int, Gen.Int)
                .Select((one, other) => (Responders[4], FormattableString.Invariant($"{one}:{other}")))
        );

    private static Gen<string> Texts =>
        Gen.Char["AaZz019-._~!$&'()*,=:@+;?#[]{}|^`\"<> %äß€/\\"]
            .Array[1, 6]
            .Select(letters => new string(letters))
            .Where(text => text.Trim() == text && text is not ("." or "..") && !text.Contains('%'))
            .Where(text => text.IndexOfAny(['/', '\\']) < 0);

    [Fact]
    public void Decide_CanonicalSpelling_ReachesTheLookup() =>
        Gen.Select(Gen.Int[0, Templates.Length - 1], Keys)
            .Sample(
                (index, key) =>
                {
                    var decision = Decide(
                        Templates[index].Template,
                        key.Responder,
                        Templates[index].Path(Spelled(key.Key))
                    );
                    Assert.Equal([key.Key], Assert.IsType<RoutingDecision.FromLookup>(decision).Keys);
                },
                iter: 3_000
            );

    /// <summary>
    /// Whatever changes in a target, it reaches the lookup only if it has become the canonical spelling of another key.
    /// </summary>
    [Fact]
    public void Decide_AnyOtherSpelling_NeverReachesTheLookup() =>
        Gen.Select(Gen.Int[0, Templates.Length - 1], Keys, Changes, Gen.Int[0, 60], Gen.Bool)
            .Sample(
                (index, key, change, at, twice) =>
                {
                    var (template, path) = Templates[index];
                    var target = change(path(Spelled(key.Key)), at);
                    if (twice)
                        target = change(target, at / 2);
                    if (Decide(template, key.Responder, target) is RoutingDecision.FromLookup { Keys: [var found] })
                        Assert.Equal(path(Spelled(found)), target);
                },
                iter: 20_000
            );

    [Theory]
    [InlineData("/API/LK/A1")]
    [InlineData("/api/lk/A1/")]
    [InlineData("/api//lk/A1")]
    [InlineData("//api/lk/A1")]
    [InlineData("/api/./lk/A1")]
    [InlineData("/api/x/../lk/A1")]
    [InlineData("/api/%2e%2e/api/lk/A1")]
    [InlineData("/api/lk/A1;jsessionid=8")]
    [InlineData("/api/lk/%41%31")]
    [InlineData("/api/l%6b/A1")]
    [InlineData("/api/lk/%2541")]
    [InlineData("/api/lk/A%2F1")]
    [InlineData("/api/lk/A%5C1")]
    [InlineData("/api/lk/A%2f1")]
    [InlineData("/api/lk/A+1")]
    [InlineData("/api/lk/%c3%a4")]
    [InlineData("/api/lk/%E4")]
    [InlineData("/api/lk/A1%20")]
    [InlineData("/api/lk/%0AA1")]
    [InlineData("/api/lk/A[1]")]
    [InlineData("http://shop/api/lk/A1")]
    public void Decide_TextKey_OtherSpellings_AreLegacys(string target) =>
        Refused("/api/lk/{key}", Responders[3], target);

    [Theory]
    [InlineData("/api/lk/A1", "A1")]
    [InlineData("/api/lk/A%2B1", "A+1")]
    [InlineData("/api/lk/A%3B1", "A;1")]
    [InlineData("/api/lk/A:1@b=c,d", "A:1@b=c,d")]
    [InlineData("/api/lk/a%20b", "a b")]
    [InlineData("/api/lk/%C3%A4", "ä")]
    [InlineData("/api/lk/%F0%9F%8D%8E", "🍎")]
    [InlineData("/api/lk/100%25", "100%")]
    [InlineData("/api/lk/%5B1%5D", "[1]")]
    public void Decide_TextKey_CanonicalSpelling_ReachesTheLookup(string target, string key) =>
        Assert.Equal(
            [key],
            Assert.IsType<RoutingDecision.FromLookup>(Decide("/api/lk/{key}", Responders[3], target)).Keys
        );

    [Theory]
    [InlineData("/issues/01.json")]
    [InlineData("/issues/+1.json")]
    [InlineData("/issues/%2B1.json")]
    [InlineData("/issues/%201.json")]
    [InlineData("/issues/1%20.json")]
    [InlineData("/issues/%0A1.json")]
    [InlineData("/issues/%31.json")]
    [InlineData("/issues/-0.json")]
    [InlineData("/issues/5.JSON")]
    [InlineData("/Issues/5.json")]
    public void Decide_NumberKey_OtherSpellings_AreLegacys(string target) =>
        Refused("/issues/{key}.json", Responders[0], target);

    [Theory]
    [InlineData("/g/7D9F6E0E-5F0B-4C53-9D0F-0D6E6F0C9A11")]
    [InlineData("/g/7d9f6e0e5f0b4c539d0f0d6e6f0c9a11")]
    [InlineData("/g/%7B7d9f6e0e-5f0b-4c53-9d0f-0d6e6f0c9a11%7D")]
    public void Decide_GuidKey_OtherSpellings_AreLegacys(string target) => Refused("/g/{key}", Responders[2], target);

    [Theory]
    [InlineData("/files/a/b/c", "a/b/c")]
    [InlineData("/files/a//b", null)]
    [InlineData("/files/a/b/", null)]
    [InlineData("/files/a/../b", null)]
    [InlineData("/files/a%2Fb", null)]
    public void Decide_CatchAllKey_HasItsSlashesAsTheyAre(string target, string? key)
    {
        if (key is null)
            Refused("/files/{**key}", Responders[3], target);
        else
            Assert.Equal(
                [key],
                Assert.IsType<RoutingDecision.FromLookup>(Decide("/files/{**key}", Responders[3], target)).Keys
            );
    }

    [Theory]
    [InlineData("/a/{x}.{ext?}", "x=1", "/a/1")]
    [InlineData("/a/{x}.{ext?}", "x=1,ext=json", "/a/1.json")]
    [InlineData("/a/{x?}", "", "/a")]
    [InlineData("/a/{x=1}", "x=1", "/a/1")]
    [InlineData("/{**rest}", "", "/")]
    [InlineData("/{tenant}/items/{key}", "tenant=x", null)]
    [InlineData("/a/{x", "x=1", null)]
    public void Spell_Template_Table(string template, string values, string? path) =>
        Assert.Equal(
            path,
            PathTemplate
                .Parse(template)
                .Spell(
                    values
                        .Split(',', StringSplitOptions.RemoveEmptyEntries)
                        .Select(pair => pair.Split('='))
                        .ToDictionary(pair => pair[0], pair => pair[1])
                )
        );

    /// <summary>One change of a target at a place.</summary>
    private static Gen<Func<string, int, string>> Changes =>
        AnyOf<Func<string, int, string>>(
            (target, at) => Insert(target, at, "/"),
            (target, at) => Insert(target, at, "./"),
            (target, at) => Insert(target, at, "%2E%2E/"),
            (target, at) => Insert(target, at, "%2F"),
            (target, at) => Insert(target, at, "0"),
            (target, at) => Insert(target, at, "+"),
            (target, at) => Insert(target, at, "%20"),
            (target, at) => Insert(target, at, "%0A"),
            (target, at) => Insert(target, at, "%25"),
            (target, _) => target + "/",
            (target, _) => target + ";jsessionid=1",
            (target, _) => target + ".JSON",
            (target, _) => target.ToUpperInvariant(),
            (target, _) => target.ToLowerInvariant(),
            (target, at) => Replace(target, at, letter => FormattableString.Invariant($"%{(int)letter:X2}")),
            (target, at) => Replace(target, at, letter => FormattableString.Invariant($"%{(int)letter:x2}")),
            (target, at) =>
                Replace(
                    target,
                    at,
                    letter =>
                        char.IsUpper(letter) ? $"{char.ToLowerInvariant(letter)}" : $"{char.ToUpperInvariant(letter)}"
                ),
            (target, _) =>
                target
                    .Replace("%20", "+", StringComparison.Ordinal)
                    .Replace("%3B", ";", StringComparison.Ordinal)
                    .Replace("%2B", "+", StringComparison.Ordinal)
        );

    private static Gen<TValue> AnyOf<TValue>(params TValue[] values) =>
        Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static string Insert(string target, int at, string text) => target.Insert(at % target.Length + 1, text);

    private static string Replace(string target, int at, Func<char, string> with)
    {
        at = 1 + at % (target.Length - 1);
        return string.Concat(target.AsSpan(0, at), with(target[at]), target.AsSpan(at + 1));
    }

    private static void Refused(string template, IResponder responder, string target)
    {
        if (Decide(template, responder, target) is not { } decision)
            return; // doesn't match this route
        Assert.NotEqual(CallGraphReason.Stage, Assert.IsType<RoutingDecision.CallGraph>(decision).Reason);
    }

    /// <summary>Decides as for a request that routing matches. Null if it doesn't match.</summary>
    private static RoutingDecision? Decide(string template, IResponder responder, string target)
    {
        if (target.Contains("%00", StringComparison.Ordinal))
            return null; // Kestrel answers it with 400
        var values = new RouteValueDictionary();
        var path = Decoded(target);
        if (
            !path.StartsWith('/')
            || !new TemplateMatcher(TemplateParser.Parse(template), []).TryMatch(new PathString(path), values)
        )
            return null;
        var given = values
            .Where(value => value.Value is not null)
            .ToDictionary(value => value.Key, value => (string)value.Value!, StringComparer.OrdinalIgnoreCase);
        return RequestRouter.Decide(
            Route(template, responder),
            Stage.Lookup,
            new RequestFacts("GET", [], target, given, [], BodyFacts.None.Value)
        );
    }

    /// <summary>Decodes a path as Kestrel does: everything except %2F, and then removes dot segments.</summary>
    private static string Decoded(string target)
    {
        if (!target.StartsWith('/'))
            target = new Uri(target).PathAndQuery;
        var segments = new List<string>();
        foreach (var segment in PathString.FromUriComponent(target).Value!.Split('/').Skip(1))
        {
            if (segment == "..")
                segments.RemoveRange(Math.Max(0, segments.Count - 1), Math.Min(1, segments.Count));
            else if (segment != ".")
                segments.Add(segment);
        }
        return "/" + string.Join('/', segments);
    }

    /// <summary>
    /// .NET's own encoding, which encodes everything that isn't unreserved, except the reserved characters that don't
    /// require it.
    /// </summary>
    private static string Spelled(string key) =>
        new StringBuilder(Uri.EscapeDataString(key))
            .Replace("%21", "!")
            .Replace("%24", "$")
            .Replace("%26", "&")
            .Replace("%27", "'")
            .Replace("%28", "(")
            .Replace("%29", ")")
            .Replace("%2A", "*")
            .Replace("%2C", ",")
            .Replace("%3D", "=")
            .Replace("%3A", ":")
            .Replace("%40", "@")
            .Replace("%2F", "/")
            .ToString();

    private static StranglerRouteModel Route(string template, IResponder responder) =>
        new(
            "route",
            template,
            Stage.Lookup,
            new RouteLookupModel(
                responder,
                new KeySource.RouteValue("key"),
                new HashSet<string> { "GET" },
                new HashSet<string>(),
                new HashSet<string>(),
                TimeSpan.FromMinutes(1),
                100,
                65_536,
                TimeSpan.FromMilliseconds(250),
                TimeSpan.FromMilliseconds(500)
            )
        )
        {
            Route = new(),
            Stamp = "",
        };

    private readonly record struct Text(string Value) : IParsable<Text>
    {
        public static Text Parse(string s, IFormatProvider? provider) => new(s);

        public static bool TryParse(string? s, IFormatProvider? provider, out Text result)
        {
            result = new(s ?? "");
            return s is not null;
        }

        public override string ToString() => Value;
    }

    private readonly record struct Pair(int One, int Other) : IParsable<Pair>
    {
        public static Pair Parse(string s, IFormatProvider? provider) =>
            TryParse(s, provider, out var pair) ? pair : throw new FormatException();

        public static bool TryParse(string? s, IFormatProvider? provider, out Pair result)
        {
            result = default;
            if (
                s?.Split(':') is not [var one, var other]
                || !int.TryParse(one, out var first)
                || !int.TryParse(other, out var second)
            )
                return false;
            result = new(first, second);
            return true;
        }

        public override string ToString() => FormattableString.Invariant($"{One}:{Other}");
    }

    /// <summary>Parses keys as projections do.</summary>
    private sealed class KeyResponder<TKey> : IResponder
        where TKey : struct, IParsable<TKey>
    {
        public ProjectionId Projection { get; } = new("Keys", "v1");

        public string? Canonical(string key) =>
            TKey.TryParse(key, CultureInfo.InvariantCulture, out var parsed)
                ? parsed is IFormattable formattable
                    ? formattable.ToString(null, CultureInfo.InvariantCulture)
                    : parsed.ToString()
                : null;

        public Answer Respond(AnswerRequest request, IReadOnlyList<(string Key, ReadOnlyMemory<byte>? Bytes)> found) =>
            Answer.Empty(200);
    }
}
