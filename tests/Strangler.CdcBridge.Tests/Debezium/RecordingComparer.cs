using System.Globalization;
using System.Text.RegularExpressions;

namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>
/// Says where two recordings of the same case differ, a line a difference. Bytes are compared token by token: names,
/// their order, strings with their escapes, numbers, white space. Floating-point numbers in values may be spelt
/// differently when they are the same number; keys may not differ at all.
/// </summary>
internal sealed partial class RecordingComparer
{
    private static readonly IReadOnlyList<ComparedRecord> None = [];

    private readonly List<string> _differences = [];

    private RecordingComparer() { }

    public static IReadOnlyList<string> Compare(
        IEnumerable<RecordedRecord> expected,
        IEnumerable<RecordedRecord> actual
    )
    {
        var comparer = new RecordingComparer();
        var wanted = NormalForm.Group(expected);
        var found = NormalForm.Group(actual);
        foreach (var group in wanted.Keys.Union(found.Keys))
            comparer.CompareGroup(group, wanted.GetValueOrDefault(group, None), found.GetValueOrDefault(group, None));
        return comparer._differences;
    }

    private void CompareGroup(
        string group,
        IReadOnlyList<ComparedRecord> expected,
        IReadOnlyList<ComparedRecord> actual
    )
    {
        if (expected.Count != actual.Count)
            _differences.Add($"{group}: {actual.Count} records, expected {expected.Count}");
        foreach (var (index, (wanted, found)) in expected.Zip(actual).Index())
            CompareRecord($"{group}[{index}]", wanted, found);
    }

    private void CompareRecord(string at, ComparedRecord expected, ComparedRecord actual)
    {
        if (expected.Key != actual.Key)
            _differences.Add($"{at}.key: {Cut(actual.Key)}, expected {Cut(expected.Key)}");
        CompareHeaders(at, expected.Headers, actual.Headers);
        if (expected.Value.Spaced != actual.Value.Spaced)
            _differences.Add($"{at}.value: white space between tokens");
        CompareTokens($"{at}.value", expected.Value.Tree, actual.Value.Tree);
    }

    private void CompareHeaders(string at, IReadOnlyList<RecordedHeader> expected, IReadOnlyList<RecordedHeader> actual)
    {
        var names = string.Join(',', expected.Select(header => header.Name));
        var others = string.Join(',', actual.Select(header => header.Name));
        if (names != others)
        {
            _differences.Add($"{at}.headers: {others}, expected {names}");
            return;
        }
        foreach (var (wanted, found) in expected.Zip(actual))
            if (wanted.Value != found.Value)
                _differences.Add($"{at}.headers.{wanted.Name}: {found.Value}, expected {wanted.Value}");
    }

    private void CompareTokens(string at, TokenTree expected, TokenTree actual)
    {
        switch (expected, actual)
        {
            case (TokenTree.Object wanted, TokenTree.Object found):
                CompareObjects(at, wanted, found);
                break;
            case (TokenTree.Array wanted, TokenTree.Array found):
                if (wanted.Elements.Count != found.Elements.Count)
                    _differences.Add($"{at}: {found.Elements.Count} elements, expected {wanted.Elements.Count}");
                foreach (var (index, (one, other)) in wanted.Elements.Zip(found.Elements).Index())
                    CompareTokens($"{at}[{index}]", one, other);
                break;
            case (TokenTree.Literal wanted, TokenTree.Literal found) when AreEqual(wanted.Text, found.Text):
                break;
            default:
                _differences.Add($"{at}: {Cut(actual)}, expected {Cut(expected)}");
                break;
        }
    }

    private void CompareObjects(string at, TokenTree.Object expected, TokenTree.Object actual)
    {
        var wanted = expected.Fields.ToDictionary(field => field.Name, field => field.Value);
        var found = actual.Fields.ToDictionary(field => field.Name, field => field.Value);
        foreach (var (name, value) in expected.Fields)
            if (found.TryGetValue(name, out var other))
                CompareTokens($"{at}.{name[1..^1]}", value, other);
            else
                _differences.Add($"{at}.{name[1..^1]}: missing, expected {Cut(value)}");
        foreach (var (name, value) in actual.Fields)
            if (!wanted.ContainsKey(name))
                _differences.Add($"{at}.{name[1..^1]}: unexpected {Cut(value)}");
        var names = string.Join(',', expected.Fields.Select(field => field.Name).Where(found.ContainsKey));
        var others = string.Join(',', actual.Fields.Select(field => field.Name).Where(wanted.ContainsKey));
        if (names != others)
            _differences.Add($"{at}: field order {others}, expected {names}");
    }

    private static bool AreEqual(string expected, string actual) =>
        expected == actual
        || (
            Float().IsMatch(expected)
            && Float().IsMatch(actual)
            && double.Parse(expected, CultureInfo.InvariantCulture)
                .Equals(double.Parse(actual, CultureInfo.InvariantCulture))
        );

    private static string Cut(object tree) =>
        tree.ToString()! is { Length: > 160 } text ? text[..160] : tree.ToString()!;

    [GeneratedRegex(@"^-?[0-9]+(\.[0-9]+|(\.[0-9]+)?[eE][+-]?[0-9]+)$")]
    private static partial Regex Float();
}
