using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Strangler.Comparing.Paths;

namespace Strangler.Comparing.Rules;

/// <summary>What counts when two answers to a route are compared. Immutable.</summary>
internal sealed record ComparisonRules
{
    /// <summary>No rules: everything counts.</summary>
    public static readonly ComparisonRules Exact = new();

    /// <summary>
    /// Raised whenever the same rules would judge the same answers differently, so that evidence starts over.
    /// </summary>
    private const int Semantics = 2;

    /// <summary>Names of the response headers that are compared in addition to Content-Type.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>Names of response headers that only one side may send, or with different values.</summary>
    public IReadOnlyList<string> IgnoreHeaders { get; init; } = [];

    /// <summary>
    /// What else shapes the lookup's answer: the route's constant headers and response transforms, as lines. A change
    /// to them changes what is compared.
    /// </summary>
    public IReadOnlyList<string> AnswerShape { get; init; } = [];

    /// <summary>
    /// Which requests are compared, and what is read of them, as lines. A change to them changes what the evidence is
    /// about.
    /// </summary>
    public IReadOnlyList<string> RequestShape { get; init; } = [];

    /// <summary>Values that don't count.</summary>
    public IReadOnlyList<PathPattern> Ignore { get; init; } = [];

    /// <summary>How far apart values may be.</summary>
    public IReadOnlyList<Tolerance> Tolerances { get; init; } = [];

    /// <summary>Arrays whose order doesn't count.</summary>
    public IReadOnlyList<PathPattern> AnyOrder { get; init; } = [];

    /// <summary>Arrays whose elements are matched by a member.</summary>
    public IReadOnlyList<KeyedArray> KeyedBy { get; init; } = [];

    /// <summary>Values for which null and missing are equal.</summary>
    public IReadOnlyList<PathPattern> NullIsMissing { get; init; } = [];

    /// <summary>Strings whose case doesn't count.</summary>
    public IReadOnlyList<PathPattern> IgnoreCase { get; init; } = [];

    /// <summary>Objects whose members' names are keys: in a general path they become <c>.*</c>.</summary>
    public IReadOnlyList<PathPattern> Maps { get; init; } = [];

    /// <summary>How content that is not JSON is compared.</summary>
    public OtherContent Text { get; init; } = OtherContent.Bytes;

    /// <summary>Values that are replaced before anything is shown or stored.</summary>
    public IReadOnlyList<PathPattern> Mask { get; init; } = [];

    /// <summary>Values that are replaced by a keyed hash, which shows whether they are equal.</summary>
    public IReadOnlyList<PathPattern> HashValues { get; init; } = [];

    /// <summary>The key of these hashes.</summary>
    public ReadOnlyMemory<byte> HashKey { get; init; }

    /// <value>64</value>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Bytes of a body, as sent and as decoded.</summary>
    /// <value>1 MiB</value>
    public int MaxBodyBytes { get; init; } = 1 << 20;

    /// <summary>The most bytes to which one byte of a compressed body may grow.</summary>
    /// <value>20</value>
    public int MaxRatio { get; init; } = 20;

    /// <summary>How an answer made of many keys is split; null: it is one unit.</summary>
    public PartsRule? Parts { get; init; }

    /// <summary>
    /// Twelve hex digits over everything that can change a verdict or the path of a difference, independent of its
    /// order: evidence is scoped to it. Masks don't count, because they only hide.
    /// </summary>
    public string Hash => RuleAutomaton.Of(this).Hash;

    /// <summary>
    /// Computes <see cref="Hash"/>. It is kept outside of the record, because a copy with another rule must not inherit
    /// it.
    /// </summary>
    public string ComputeHash()
    {
        var lines = new List<string>();
        Add(nameof(Headers), Headers.Select(header => header.ToLowerInvariant()));
        Add(nameof(IgnoreHeaders), IgnoreHeaders.Select(header => header.ToLowerInvariant()));
        Add(nameof(AnswerShape), AnswerShape);
        Add(nameof(RequestShape), RequestShape);
        Add(nameof(Ignore), Ignore.Select(path => path.ToString()));
        Add(nameof(Tolerances), Tolerances.Select(tolerance => $"{tolerance.Path} {tolerance.Amount}"));
        Add(nameof(AnyOrder), AnyOrder.Select(path => path.ToString()));
        Add(nameof(KeyedBy), KeyedBy.Select(keyed => $"{keyed.Path} {keyed.Member}"));
        Add(nameof(NullIsMissing), NullIsMissing.Select(path => path.ToString()));
        Add(nameof(IgnoreCase), IgnoreCase.Select(path => path.ToString()));
        Add(nameof(Maps), Maps.Select(path => path.ToString()));
        Add(nameof(Parts), Parts is null ? [] : [$"{Parts.Path} {Parts.By}"]);
        lines.Add(
            string.Create(CultureInfo.InvariantCulture, $"{Semantics} {Text} {MaxDepth} {MaxBodyBytes} {MaxRatio}")
        );
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))), 0, 6);

        void Add(string rule, IEnumerable<string> values) =>
            lines.AddRange(
                values
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal)
                    .Select(value => $"{rule} {value.Length} {value}")
            );
    }
}
