using System.Globalization;
using Strangler.Foundation.Faults;

namespace Strangler.Projections.Declaring;

/// <summary>
/// Keys and their canonical text, which is the <c>ToString</c> of the key that <c>TryParse</c> returns.
/// </summary>
internal static class KeyText<TKey>
    where TKey : struct, IParsable<TKey>
{
    private static readonly string[] Samples =
    [
        "a",
        "A1",
        "item-1",
        "0",
        "1",
        "42",
        "1.5",
        "true",
        "2026-11-24",
        "07:42:16",
        "2026-11-24T07:42:16Z",
        "7d9f6e0e-5f0b-4c53-9d0f-0d6e6f0c9a11",
        "a/b",
        "a:b",
        "1:2",
    ];

    public static string Of(TKey key) =>
        (key is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : key.ToString())
        ?? "";

    /// <summary>The canonical text; null if the text isn't a key, or is one that the store can't hold.</summary>
    public static string? Canonical(string text) =>
        TKey.TryParse(text, CultureInfo.InvariantCulture, out var key)
        && Of(key) is var canonical
        && StoreText.HoldsKey(canonical)
            ? canonical
            : null;

    public static TKey Parse(string canonical) => TKey.Parse(canonical, CultureInfo.InvariantCulture);

    /// <summary>
    /// The fault of a key type whose text isn't parsed back to the same key with the same text. It is tested with some
    /// sample texts that the type accepts; a type that accepts none of them isn't tested.
    /// </summary>
    public static Fault? Fault(string path)
    {
        foreach (var key in Tried())
        {
            var text = Of(key);
            var parsed = TKey.TryParse(text, CultureInfo.InvariantCulture, out var again);
            if (parsed && EqualityComparer<TKey>.Default.Equals(key, again) && Of(again) == text)
                continue;
            return new(
                path,
                $"The key type {typeof(TKey).Name} writes a key as '{text}', "
                    + $"{(parsed ? $"which it reads as another key, '{Of(again)}'" : "which it can't read")}.",
                "Let ToString write what TryParse reads, so that equal keys have equal texts; a record struct needs "
                    + "a ToString of its own."
            );
        }
        return null;
    }

    private static IEnumerable<TKey> Tried()
    {
        foreach (var sample in Samples)
        {
            if (TKey.TryParse(sample, CultureInfo.InvariantCulture, out var key))
                yield return key;
        }
    }
}
