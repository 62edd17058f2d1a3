using System.Globalization;
using Microsoft.Extensions.Configuration;
using Strangler.Comparing.Paths;
using Strangler.Comparing.Rules;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Http;

namespace Strangler.Gateway.Configuration;

/// <summary>
/// Reads the section <c>Compare</c> of a route: what counts when two answers are compared, or all its faults.
/// </summary>
internal sealed class CompareConfigReader(
    IConfigurationSection section,
    ReadOnlyMemory<byte> hashKey,
    List<Fault> faults
)
{
    private const int MaxAllowedDepth = 256;
    private const int MaxAllowedBodyBytes = 16 << 20;
    private const int MaxAllowedRatio = 1000;
    private const string EveryMember = "$..*";
    private static readonly string[] Members =
    [
        nameof(ComparisonRules.Headers),
        nameof(ComparisonRules.IgnoreHeaders),
        nameof(ComparisonRules.Ignore),
        nameof(ComparisonRules.Tolerances),
        nameof(ComparisonRules.AnyOrder),
        nameof(ComparisonRules.KeyedBy),
        nameof(ComparisonRules.NullIsMissing),
        nameof(ComparisonRules.IgnoreCase),
        nameof(ComparisonRules.Maps),
        nameof(ComparisonRules.Text),
        nameof(ComparisonRules.Mask),
        nameof(ComparisonRules.HashValues),
        nameof(ComparisonRules.MaxDepth),
        nameof(ComparisonRules.MaxBodyBytes),
        nameof(ComparisonRules.MaxRatio),
        nameof(ComparisonRules.Parts),
    ];

    /// <summary>Headers that belong to a connection or to how an answer is sent, not to the answer.</summary>
    private static readonly string[] OfTheWay =
    [
        "Connection",
        "Content-Encoding",
        "Content-Length",
        "Date",
        "Keep-Alive",
        "Transfer-Encoding",
    ];

    public ComparisonRules Read()
    {
        if (!section.Exists())
            return ComparisonRules.Exact with { HashKey = hashKey };
        if (section.Value is { Length: > 0 })
            Add(
                section.Path,
                "It is a text where a section is needed.",
                "Write its members in braces, or leave it out so that everything counts."
            );
        UnknownMembers.Find(section, Members, faults);
        var (preset, values) = (ComparisonRules.Exact, new SectionValues(section, faults));
        var rules = new ComparisonRules
        {
            Headers = Headers(nameof(ComparisonRules.Headers)),
            IgnoreHeaders = Headers(nameof(ComparisonRules.IgnoreHeaders)),
            Ignore = Ignore(),
            Tolerances = Tolerances(),
            AnyOrder = Paths(nameof(ComparisonRules.AnyOrder)),
            KeyedBy = KeyedBy(),
            NullIsMissing = NullIsMissing(),
            IgnoreCase = Paths(nameof(ComparisonRules.IgnoreCase)),
            Maps = Paths(nameof(ComparisonRules.Maps)),
            Text = Text(),
            Mask = Hidden(nameof(ComparisonRules.Mask)),
            HashValues = Hidden(nameof(ComparisonRules.HashValues)),
            HashKey = hashKey,
            MaxDepth = values.Number(nameof(ComparisonRules.MaxDepth), preset.MaxDepth, 1, MaxAllowedDepth),
            MaxBodyBytes = values.Number(
                nameof(ComparisonRules.MaxBodyBytes),
                preset.MaxBodyBytes,
                1,
                MaxAllowedBodyBytes
            ),
            MaxRatio = values.Number(nameof(ComparisonRules.MaxRatio), preset.MaxRatio, 1, MaxAllowedRatio),
            Parts = Parts(),
        };
        foreach (var path in rules.AnyOrder.Intersect(rules.KeyedBy.Select(keyed => keyed.Path)))
        {
            Add(
                At(nameof(ComparisonRules.KeyedBy)),
                $"'{path.Text}' is also in 'AnyOrder'.",
                "Remove it from one of them: elements matched by key may be in any order anyway."
            );
        }
        foreach (var name in rules.IgnoreHeaders.Intersect(rules.Headers, StringComparer.OrdinalIgnoreCase))
        {
            Add(
                At(nameof(ComparisonRules.IgnoreHeaders)),
                $"'{name}' is also in 'Headers'.",
                "Remove it from one of them: it is compared, or it is ignored."
            );
        }
        return rules;
    }

    private List<string> Headers(string member)
    {
        var headers = new List<string>();
        foreach (var entry in Entries(member))
        {
            var name = entry.Value ?? "";
            if (!HeaderNames.IsName(name))
                Add(
                    entry.Path,
                    $"'{name}' is not a header's name.",
                    "Write it as it is sent, such as 'Cache-Control'."
                );
            else if (OfTheWay.Contains(name, StringComparer.OrdinalIgnoreCase))
                Add(entry.Path, $"'{name}' belongs to how an answer is sent, not to the answer.", "Remove it.");
            else
                headers.Add(name);
        }
        return headers;
    }

    private List<PathPattern> Ignore()
    {
        var paths = Paths(nameof(ComparisonRules.Ignore));
        foreach (
            var path in paths.Where(path =>
                path.Segments.Count == 0 || path.Segments.Count == 1 && path.Segments[0].IsWildcard
            )
        )
        {
            Add(
                At(nameof(ComparisonRules.Ignore)),
                $"'{path.Text}' ignores the whole answer, so that every comparison would be a match.",
                "Name the values that do not count."
            );
        }
        return paths;
    }

    private List<Tolerance> Tolerances()
    {
        string[] kinds = [nameof(Tolerance.Absolute), nameof(Tolerance.Relative), nameof(Tolerance.Time)];
        var tolerances = new List<Tolerance>();
        foreach (var entry in Entries(nameof(ComparisonRules.Tolerances)))
        {
            UnknownMembers.Find(entry, ["Path", .. kinds], faults);
            var path = Path(entry.GetSection("Path"));
            var given = kinds.Where(kind => entry[kind] is not null).ToList();
            if (given.Count != 1)
            {
                Add(
                    entry.Path,
                    given.Count == 0
                        ? "The tolerance doesn't say how much."
                        : $"The tolerance has {Sentence.List(given)}.",
                    $"Write one of {Sentence.List(kinds)}."
                );
                continue;
            }
            var (at, text) = ($"{entry.Path}:{given[0]}", entry[given[0]]!);
            if (given[0] == nameof(Tolerance.Time))
            {
                if (!SectionValues.TryParseTime(text, out var time) || time <= TimeSpan.Zero)
                    Add(at, $"'{text}' is not a time above zero.", "Write hours:minutes:seconds, such as '00:00:01'.");
                else if (path is not null)
                    tolerances.Add(new Tolerance.Time(path, time));
                continue;
            }
            var isRelative = given[0] == nameof(Tolerance.Relative);
            if (
                !decimal.TryParse(
                    text,
                    NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                    CultureInfo.InvariantCulture,
                    out var max
                )
                || max <= 0
                || isRelative && max >= 1
            )
            {
                Add(
                    at,
                    $"'{text}' is not a number above 0{(isRelative ? " and below 1" : "")}.",
                    "Write it with a decimal point, such as '0.01'."
                );
            }
            else if (path is not null)
                tolerances.Add(isRelative ? new Tolerance.Relative(path, max) : new Tolerance.Absolute(path, max));
        }
        return tolerances;
    }

    private List<KeyedArray> KeyedBy()
    {
        var keyed = new List<KeyedArray>();
        var keys = section.GetSection(nameof(ComparisonRules.KeyedBy));
        if (keys.Value is { Length: > 0 })
            Add(
                keys.Path,
                "It is a text where a path for each array is needed.",
                "Write it as in { \"$.items\": \"$.sku\" }."
            );
        foreach (var entry in keys.GetChildren())
        {
            var isListed = entry.Value is null; // a path with a colon cannot be the name of a member
            if (isListed)
                UnknownMembers.Find(entry, ["Path", "By"], faults);
            var path = isListed ? Path(entry.GetSection("Path")) : Path(entry.Path, entry.Key);
            if (Member(isListed ? entry.GetSection("By") : entry) is { } member && path is not null)
                keyed.Add(new KeyedArray(path, member));
        }
        return keyed;
    }

    private List<PathPattern> NullIsMissing()
    {
        var all = section.GetSection(nameof(ComparisonRules.NullIsMissing));
        if (all.Value is not { Length: > 0 } text)
            return Paths(nameof(ComparisonRules.NullIsMissing));
        if (!SectionValues.TryParseFlag(text, out var value))
            Add(all.Path, $"'{text}' is neither true nor a list.", "Write true for all members, or a list of paths.");
        return value ? [PathPattern.Parse(EveryMember)] : [];
    }

    private OtherContent Text()
    {
        var text = section[nameof(ComparisonRules.Text)];
        switch (text)
        {
            case null or "bytes":
                return OtherContent.Bytes;
            case "text":
                return OtherContent.Text;
            default:
                Add(
                    At(nameof(ComparisonRules.Text)),
                    $"'{text}' is not a way to compare content.",
                    "Write 'bytes' or 'text', or leave it out for 'bytes'."
                );
                return OtherContent.Bytes;
        }
    }

    /// <summary>Elements move from answer to answer, so an index would hide the wrong one.</summary>
    private List<PathPattern> Hidden(string member)
    {
        var paths = Paths(member);
        foreach (var path in paths.Where(path => path.Segments.Any(segment => segment.Index is not null)))
        {
            Add(
                At(member),
                $"'{path.Text}' hides one element by its index, and would show it where it moves.",
                "Write [*] for the index."
            );
        }
        return paths;
    }

    private PartsRule? Parts()
    {
        var parts = section.GetSection(nameof(ComparisonRules.Parts));
        if (!parts.Exists())
            return null;
        UnknownMembers.Find(parts, ["Path", "By"], faults);
        var path = Path(parts.GetSection("Path"));
        if (
            path is not null
            && (
                path.Segments.Count == 0
                || !path.Segments[^1].IsWildcard
                || path.Segments.Any(segment => segment.Descendant)
                || path.Segments.SkipLast(1).Any(segment => segment.Name is null)
            )
        )
        {
            Add(
                $"{parts.Path}:Path",
                $"'{path.Text}' does not name the elements of one array.",
                "Write names and one last [*], such as '$.items[*]'."
            );
            path = null;
        }
        return Member(parts.GetSection("By")) is { } by && path is not null ? new PartsRule(path, by) : null;
    }

    /// <summary>A path of names from an element to its key.</summary>
    private PathPattern? Member(IConfigurationSection entry)
    {
        if (Path(entry) is not { } path)
            return null;
        if (path.IsNames && path.Segments.Count > 0)
            return path;
        Add(
            entry.Path,
            $"'{path.Text}' does not name one member.",
            "Write its names as seen from the element, such as '$.sku'."
        );
        return null;
    }

    private List<PathPattern> Paths(string member) => [.. Entries(member).Select(Path).OfType<PathPattern>()];

    private IEnumerable<IConfigurationSection> Entries(string member)
    {
        var list = section.GetSection(member);
        if (list.Value is { Length: > 0 })
            Add(list.Path, "It is a text where a list is needed.", "Write it in brackets.");
        return list.GetChildren();
    }

    private PathPattern? Path(IConfigurationSection entry) => Path(entry.Path, entry.Value ?? "");

    private PathPattern? Path(string at, string text)
    {
        if (PathPattern.TryParse(text, out var pattern, out var fault))
            return pattern;
        Add(
            at,
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{text}' is not a path: at character {fault.Position} {fault.Problem}."
            ),
            "Write it in RFC 9535's syntax, such as '$.items[*].price', '$['a b']' or '$..id'."
        );
        return null;
    }

    private string At(string member) => $"{section.Path}:{member}";

    private void Add(string path, string problem, string wayOut) => faults.Add(new Fault(path, problem, wayOut));
}
