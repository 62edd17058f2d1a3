using Strangler.Comparing.Paths;
using Strangler.Comparing.Rules;
using Xunit;

namespace Strangler.Architecture.Tests.Names;

/// <summary>Evidence is scoped to the hash of a route's rules, which includes the names of the rules.</summary>
public sealed class RuleTests
{
    private static readonly PathPattern Path = PathPattern.Parse("$.a");

    private static readonly (string Name, ComparisonRules Rules)[] All =
    [
        ("no rule", new()),
        ("Headers", new() { Headers = ["Vary"] }),
        ("IgnoreHeaders", new() { IgnoreHeaders = ["Vary"] }),
        ("AnswerHeaders", new() { AnswerShape = ["vary: accept"] }),
        ("Match", new() { RequestShape = ["path /a"] }),
        ("Ignore", new() { Ignore = [Path] }),
        ("Tolerances: Absolute", new() { Tolerances = [new Tolerance.Absolute(Path, 0.5m)] }),
        ("Tolerances: Relative", new() { Tolerances = [new Tolerance.Relative(Path, 0.5m)] }),
        ("Tolerances: Time", new() { Tolerances = [new Tolerance.Time(Path, TimeSpan.FromSeconds(1))] }),
        ("AnyOrder", new() { AnyOrder = [Path] }),
        ("KeyedBy", new() { KeyedBy = [new KeyedArray(Path, Path)] }),
        ("NullIsMissing", new() { NullIsMissing = [Path] }),
        ("IgnoreCase", new() { IgnoreCase = [Path] }),
        ("Maps", new() { Maps = [Path] }),
        ("Text", new() { Text = OtherContent.Text }),
        ("Mask", new() { Mask = [Path] }),
        ("MaxDepth", new() { MaxDepth = 1 }),
        ("MaxBodyBytes", new() { MaxBodyBytes = 1 }),
        ("MaxRatio", new() { MaxRatio = 1 }),
        ("Parts", new() { Parts = new PartsRule(Path, Path) }),
    ];

    [Fact]
    public void Rules_Hashes_AreTheApproved() =>
        ApprovedNames.Equal(
            "rules",
            "Hashes of comparison rules: with another one, all evidence of a route starts over.",
            All.Select(one => $"{one.Name, -24} {one.Rules.Hash}")
        );
}
