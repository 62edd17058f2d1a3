using Strangler.Comparing.Differences;

namespace Strangler.Comparing.Tests;

/// <summary>One difference put into JSON at a random place.</summary>
/// <param name="Changed">The JSON with it.</param>
/// <param name="Kind">Its expected kind.</param>
/// <param name="Path">Its expected path.</param>
internal sealed record Planted(Json Changed, DifferenceKind Kind, string Path)
{
    public static Planted In(Json json, Random random)
    {
        var places = json.Places().ToArray();
        while (true)
        {
            var (path, value) = places[random.Next(places.Length)];
            if (Plant(json, path, value, random) is { } planted)
                return planted;
        }
    }

    private static Planted? Plant(Json json, string path, Json value, Random random)
    {
        switch (random.Next(6))
        {
            case 0 when value is Json.Obj members: // an additional member
                return new Planted(
                    json.With(path, _ => new Json.Obj([.. members.Members, ("new member", new Json.Null())])),
                    DifferenceKind.Extra,
                    $"{path}['new member']"
                );
            case 1 when value is Json.Obj { Members.Count: > 0 } members: // a missing member
                var leaves = members.Members[random.Next(members.Members.Count)].Name;
                var left = value
                    .Places(path)
                    .First(place =>
                        ReferenceEquals(place.Value, members.Members.First(member => member.Name == leaves).Value)
                    )
                    .Path;
                return new Planted(
                    json.With(path, _ => new Json.Obj([.. members.Members.Where(member => member.Name != leaves)])),
                    DifferenceKind.Missing,
                    left
                );
            case 2 when value is Json.Obj { Members.Count: > 0 } members: // a duplicate name
                var twice = members.Members[random.Next(members.Members.Count)];
                var at = value.Places(path).First(place => ReferenceEquals(place.Value, twice.Value)).Path;
                return new Planted(
                    json.With(path, _ => new Json.Obj([.. members.Members, twice])),
                    DifferenceKind.DuplicateKey,
                    at
                );
            case 3 when value is Json.Arr array: // an additional element, unlike all others
                var place = random.Next(array.Items.Count + 1);
                return new Planted(
                    json.With(
                        path,
                        _ => new Json.Arr([
                            .. array.Items.Take(place),
                            new Json.Str("a new element"),
                            .. array.Items.Skip(place),
                        ])
                    ),
                    DifferenceKind.Extra,
                    $"{path}[{place}]"
                );
            case 4
                when value is Json.Arr { Items.Count: > 1 } array
                    && array.Items[0].ToString() != array.Items[^1].ToString()
                    && Differ(array.Items[0], array.Items[^1]): // another order
                return new Planted(
                    json.With(
                        path,
                        _ => new Json.Arr([array.Items[^1], .. array.Items.Skip(1).SkipLast(1), array.Items[0]])
                    ),
                    DifferenceKind.Order,
                    path
                );
            case 5:
                return value switch
                {
                    Json.Num number when number.Digits < long.MaxValue => new Planted(
                        json.With(path, _ => number with { Digits = number.Digits + 1 }),
                        DifferenceKind.Value,
                        path
                    ),
                    Json.Str text => new Planted(
                        json.With(path, _ => new Json.Str(text.Value + "\u0301")),
                        DifferenceKind.Value,
                        path
                    ),
                    Json.Bool boolean => new Planted(
                        json.With(path, _ => new Json.Bool(!boolean.Value)),
                        DifferenceKind.Value,
                        path
                    ),
                    Json.Null => new Planted(json.With(path, _ => new Json.Obj([])), DifferenceKind.Type, path),
                    _ => new Planted(json.With(path, _ => new Json.Str("")), DifferenceKind.Type, path),
                };
            default:
                return null;
        }
    }

    private static bool Differ(Json one, Json two) => one.GetType() != two.GetType() || one is Json.Str or Json.Bool;
}
