using CsCheck;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Paths;
using Strangler.Comparing.Rules;
using Xunit;

namespace Strangler.Comparing.Tests;

public sealed class ComparerProperties
{
    private const int Runs = 3000;

    /// <summary>A random seed, and the maximum depth of JSON.</summary>
    private static readonly Gen<(int Seed, int Depth)> Dice = Gen.Select(Gen.Int, Gen.Int[0, 4]);

    private static readonly ComparisonRules[] AllRules =
    [
        ComparisonRules.Exact,
        new() { AnyOrder = Sides.Paths("$..*", "$") },
        new()
        {
            KeyedBy =
            [
                new KeyedArray(PathPattern.Parse("$..*"), PathPattern.Parse("$.a")),
                new KeyedArray(PathPattern.Parse("$"), PathPattern.Parse("$.a")),
            ],
        },
        new()
        {
            NullIsMissing = Sides.Paths("$..*"),
            IgnoreCase = Sides.Paths("$..*"),
            Tolerances = [new Tolerance.Relative(PathPattern.Parse("$..*"), 0.1m)],
        },
        new()
        {
            AnyOrder = Sides.Paths("$..*"),
            Tolerances = [new Tolerance.Absolute(PathPattern.Parse("$..*"), 3m)],
            Ignore = Sides.Paths("$..b", "$..[1]"),
            Mask = Sides.Paths("$..c"),
            HashValues = Sides.Paths("$..d"),
        },
    ];

    [Fact]
    public void Compare_SameValueInAnotherSpelling_IsEqual() =>
        Dice.Sample(
            dice =>
            {
                var random = new Random(dice.Seed);
                var json = Json.Random(random, dice.Depth);
                foreach (var rules in AllRules)
                {
                    var compared = Sides.Compare(json.Write(random), json.Write(random), rules);
                    if (!compared.Equal || compared.Ignored.Count > 0)
                        return false;
                }
                return true;
            },
            iter: Runs
        );

    [Fact]
    public void Compare_SidesSwapped_SwapsOnlyNames() =>
        Dice.Sample(
            dice =>
            {
                var random = new Random(dice.Seed);
                var (one, two) = (
                    Json.Random(random, dice.Depth).ToString(),
                    Json.Random(random, dice.Depth).ToString()
                );
                foreach (var rules in AllRules)
                {
                    ComparisonResult there = Sides.Compare(one, two, rules),
                        back = Sides.Compare(two, one, rules);
                    var swapped = back.Differences.Select(difference =>
                        (Swap(difference.Kind), difference.General, difference.Lookup, difference.Legacy)
                    );
                    Assert.Equal(
                        there
                            .Differences.Select(difference =>
                                (difference.Kind, difference.General, difference.Legacy, difference.Lookup)
                            )
                            .Order(),
                        swapped.Order()
                    );
                    Assert.Equal(there.Ignored(), back.Ignored());
                }
            },
            iter: Runs
        );

    [Fact]
    public void Compare_PlantedDifference_IsFoundAtItsPath() =>
        Dice.Sample(
            dice =>
            {
                var random = new Random(dice.Seed);
                var json = Json.Random(random, dice.Depth);
                var planted = Planted.In(json, random);

                var found = Sides.Compare(json.Write(random), planted.Changed.Write(random)).Differences;

                Assert.Equal((planted.Kind, planted.Path), (Assert.Single(found).Kind, found[0].Path));
            },
            iter: Runs
        );

    [Fact]
    public void Compare_PlantedDifferenceAmongShuffledElements_IsFoundInItsMember() =>
        Dice.Sample(
            dice =>
            {
                var random = new Random(dice.Seed);
                var rows = Enumerable
                    .Range(0, random.Next(2, 60))
                    .Select(row =>
                        (Json)
                            new Json.Obj([
                                ("id", new Json.Num(row, 0)),
                                ("v", new Json.Num(random.Next(3), 0)),
                                ("w", Json.Random(random, 1)),
                            ])
                    )
                    .ToArray();
                var at = random.Next(rows.Length);
                var changed = rows.ToArray();
                changed[at] = changed[at].With("$.v", value => new Json.Num(((Json.Num)value).Digits + 10, 0));
                random.Shuffle(changed);

                foreach (
                    var rules in new[]
                    {
                        new ComparisonRules { AnyOrder = Sides.Paths("$") },
                        new ComparisonRules
                        {
                            KeyedBy = [new KeyedArray(PathPattern.Parse("$"), PathPattern.Parse("$.id"))],
                        },
                    }
                )
                {
                    Assert.Equal(
                        [$"Value $[{at}].v"],
                        Sides.Found(
                            new Json.Arr([.. rows]).Write(random),
                            new Json.Arr([.. changed]).Write(random),
                            rules
                        )
                    );
                }
            },
            iter: Runs / 10
        );

    [Fact]
    public void Compare_ShuffledArraysThatMayStandInAnyOrder_AreEqual() =>
        Dice.Sample(
            dice =>
            {
                var random = new Random(dice.Seed);
                var json = Json.Random(random, dice.Depth);

                var compared = Sides.Compare(
                    json.Write(random),
                    Shuffled(json, random).Write(random),
                    new ComparisonRules { AnyOrder = Sides.Paths("$", "$..*") }
                );

                Assert.Empty(compared.Differences);
            },
            iter: Runs
        );

    [Fact]
    public void Compare_IgnoredPlace_HidesItAloneAndIsCountedOnce() =>
        Dice.Sample(
            dice =>
            {
                var random = new Random(dice.Seed);
                var json = new Json.Obj([
                    ("first", Json.Random(random, dice.Depth)),
                    ("second", Json.Random(random, dice.Depth)),
                    ("third", new Json.Num(random.Next(9), 0)),
                ]);
                var places = json.Places().Where(place => place.Path != "$").Select(place => place.Path).ToArray();
                var ignored = places[random.Next(places.Length)];
                var rules = new ComparisonRules { Ignore = Sides.Paths(ignored) };
                var other = places
                    .Where(path => !Holds(ignored, path) && !Holds(path, ignored))
                    .OrderBy(_ => random.Next())
                    .FirstOrDefault();
                var changed = json.With(ignored, _ => new Json.Str("ignored"));
                if (changed.ToString() == json.ToString())
                    return;

                var hidden = Sides.Compare(json.Write(random), changed.Write(random), rules);
                Assert.True(hidden.Equal);
                Assert.Equal(1, Assert.Single(hidden.Ignored).Count);
                Assert.Equal($"Ignore {ignored}", hidden.Ignored[0].Rule);

                if (other is null)
                    return;
                var both = Sides.Compare(
                    json.Write(random),
                    changed.With(other, _ => new Json.Str("not ignored")).Write(random),
                    rules
                );
                Assert.Equal(other, Assert.Single(both.Differences).Path);
                Assert.Equal(hidden.Ignored(), both.Ignored());
            },
            iter: Runs
        );

    [Fact]
    public void SameFault_SameDifferencesInAnotherSpelling_IsTheSame_AndAnotherValueIsNot() =>
        Dice.Sample(
            dice =>
            {
                var random = new Random(dice.Seed);
                var (one, two) = (Json.Random(random, dice.Depth), Json.Random(random, dice.Depth));
                var json = new Json.Obj([("a", one), ("z", new Json.Num(1, 0))]);
                var other = new Json.Obj([("a", two), ("z", new Json.Num(2, 0))]);
                var third = new Json.Obj([("a", two), ("z", new Json.Num(3, 0))]);
                var first = Sides.Compare(json.Write(random), other.Write(random));

                Assert.True(first.SameFault(Sides.Compare(json.Write(random), other.Write(random))));
                Assert.False(first.SameFault(Sides.Compare(json.Write(random), third.Write(random))));
                Assert.False(first.SameFault(ComparisonResult.Same));
            },
            iter: Runs
        );

    private static DifferenceKind Swap(DifferenceKind kind) =>
        kind switch
        {
            DifferenceKind.Missing => DifferenceKind.Extra,
            DifferenceKind.Extra => DifferenceKind.Missing,
            _ => kind,
        };

    /// <summary>Whether a place is another one or inside it.</summary>
    private static bool Holds(string outer, string inner) =>
        inner.StartsWith(outer, StringComparison.Ordinal)
        && (inner.Length == outer.Length || inner[outer.Length] is '.' or '[');

    private static Json Shuffled(Json json, Random random)
    {
        switch (json)
        {
            case Json.Arr array:
                var items = array.Items.Select(item => Shuffled(item, random)).ToArray();
                random.Shuffle(items);
                return new Json.Arr([.. items]);
            case Json.Obj members:
                return new Json.Obj([
                    .. members.Members.Select(member => (member.Name, Shuffled(member.Value, random))),
                ]);
            default:
                return json;
        }
    }
}
