using System.Security.Cryptography;
using System.Text;
using Strangler.Evidence.Reports;

namespace Strangler.Evidence.Storing;

/// <summary>
/// What makes two wrong parts of a route the same fault: the cause, and the general paths with the kinds of their
/// differences. Values, keys and requests don't count. An example that doesn't keep all of its differences has another
/// fault than one that does.
/// </summary>
internal static class FaultSignature
{
    /// <summary>Whether all differences are known. What isn't known can't be dismissed.</summary>
    public static bool IsWhole(ExampleReport example) => example.Differences.Count < ExampleBuilder.MaxDifferences;

    /// <summary>Twelve hex digits.</summary>
    public static string Of(ExampleReport example) =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{example.Cause}\n{string.Join('\n', Paths(example))}")),
            0,
            6
        );

    /// <summary>
    /// Each general path with the kind of its differences, in a fixed order: <c>value $.items[*].qty</c>. At the end
    /// <c>…</c> if more may have differed.
    /// </summary>
    public static IReadOnlyList<string> Paths(ExampleReport example) =>
        [
            .. example
                .Differences.Select(difference => $"{difference.Kind} {difference.General}")
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
            .. IsWhole(example) ? [] : new[] { "…" },
        ];
}
