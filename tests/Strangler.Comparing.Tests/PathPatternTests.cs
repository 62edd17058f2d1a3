using System.Text;
using Strangler.Comparing.Json;
using Strangler.Comparing.Paths;
using Strangler.Comparing.Rules;
using Xunit;

namespace Strangler.Comparing.Tests;

public sealed class PathPatternTests
{
    private const string Body = """{"a":{"b":[1,{"b":2,"c d":3}],"c d":4,"it's":5},"b":[6,[7,8]]}""";

    [Theory]
    [InlineData("$.a.b", "$.a.b")]
    [InlineData("$['a'][\"b\"][0]", "$.a.b[0]")]
    [InlineData("$..b", "$.a.b", "$.a.b[1].b", "$.b")]
    [InlineData("$..['c d']", "$.a.b[1]['c d']", "$.a['c d']")]
    [InlineData("$.a[ 'it\\'s' ]", "$.a['it\\'s']")]
    [InlineData("$.b[*]", "$.b[0]", "$.b[1]")]
    [InlineData("$.a.*", "$.a.b", "$.a['c d']", "$.a['it\\'s']")]
    [InlineData("$.b[-1][0]", "$.b[1][0]")]
    [InlineData("$..[1]", "$.a.b[1]", "$.b[1]", "$.b[1][1]")]
    [InlineData("$.b..*", "$.b[0]", "$.b[1]", "$.b[1][0]", "$.b[1][1]")]
    [InlineData("$..b..b", "$.a.b[1].b")]
    [InlineData("$[\"\\u0061\"].x")]
    [InlineData("$", "$")]
    public void Parse_Path_NamesThesePlaces(string path, params string[] places)
    {
        using var tree = JsonTree.Parse(Encoding.UTF8.GetBytes(Body), 64, out _)!;
        var named = new List<string>();
        Walk(JsonTree.Root, RuleAutomaton.Of(new ComparisonRules { Ignore = Sides.Paths(path) }).Root, "$");

        Assert.Equal(places.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));

        void Walk(int node, RuleState state, string at)
        {
            if (state.Ignore is not null)
                named.Add(at);
            var index = 0;
            foreach (var child in tree.Children(node))
            {
                var text = new StringBuilder(at);
                if (tree[node].Kind == JsonKind.Object)
                    PathText.AppendName(text, JsonEscapes.Decode(tree.Name(child)));
                else
                    PathText.AppendIndex(text, index);
                Walk(
                    child,
                    tree[node].Kind == JsonKind.Object
                        ? state.Member(tree.Name(child))
                        : state.Element(index, tree[node].Count),
                    text.ToString()
                );
                index++;
            }
        }
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("a", 1)]
    [InlineData("$a", 2)]
    [InlineData("$.", 3)]
    [InlineData("$.a-b", 4)]
    [InlineData("$.1", 3)]
    [InlineData("$[1:2]", 4)]
    [InlineData("$['a','b']", 6)]
    [InlineData("$[?@.a]", 3)]
    [InlineData("$['a", 3)]
    [InlineData("$['a'", 6)]
    [InlineData("$[01]", 3)]
    [InlineData("$[-0]", 3)]
    [InlineData("$[99999999999]", 3)]
    [InlineData("$['\\x']", 4)]
    [InlineData("$.a ", 4)]
    [InlineData("$...a", 4)]
    public void TryParse_NoPath_SaysWhere(string path, int position)
    {
        Assert.False(PathPattern.TryParse(path, out _, out var fault));
        Assert.Equal(position, fault.Position);
        Assert.NotEmpty(fault.Problem);
    }

    [Theory]
    [InlineData("$.a[*]", "$['a'].*", true)]
    [InlineData("$..a", "$..['a']", true)]
    [InlineData("$.a", "$.A", false)]
    [InlineData("$..a", "$.a", false)]
    public void Equals_Spellings_CompareByMeaning(string one, string two, bool equal) =>
        Assert.Equal(equal, PathPattern.Parse(one).Equals(PathPattern.Parse(two)));

    [Fact]
    public void Hash_RulesThatMeanTheSame_IsTheSame()
    {
        var rules = new ComparisonRules
        {
            Ignore = Sides.Paths("$.a", "$.b"),
            Tolerances = [new Tolerance.Absolute(PathPattern.Parse("$.c"), 0.10m)],
        };
        var same = new ComparisonRules
        {
            Ignore = Sides.Paths("$['b']", "$.a"),
            Tolerances = [new Tolerance.Absolute(PathPattern.Parse("$.c"), 0.1m)],
            Mask = Sides.Paths("$.m"),
        };

        Assert.Equal(rules.Hash, same.Hash);
        Assert.Equal(12, rules.Hash.Length);
        Assert.NotEqual(rules.Hash, (rules with { Ignore = Sides.Paths("$.a") }).Hash);
        Assert.NotEqual(
            rules.Hash,
            (rules with { Tolerances = [new Tolerance.Relative(PathPattern.Parse("$.c"), 0.1m)] }).Hash
        );
        Assert.NotEqual(rules.Hash, (rules with { MaxDepth = 63 }).Hash);
        Assert.NotEqual(
            (rules with { AnyOrder = Sides.Paths("$.x") }).Hash,
            (rules with { Maps = Sides.Paths("$.x") }).Hash
        );
    }
}
