using Strangler.Evidence.Reports;
using static Strangler.Evidence.Rendering.TextFigures;

namespace Strangler.Evidence.Rendering;

/// <summary>What points to a dependency that nobody declared, as sentences.</summary>
internal static class UndeclaredText
{
    public static string Of(UndeclaredReport undeclared) =>
        $"Legacy changed without any declared row changing since {Time(undeclared.MatchedAt)}: "
        + (undeclared.Key is { } key ? $"key {key} was the first" : "several keys together were the first")
        + $", with {undeclared.Request}, wrong at {Time(undeclared.WrongAt)}. In all, {Number(undeclared.Count)} "
        + $"{(undeclared.Count == 1 ? "part that had matched is" : "parts that had matched are")} wrong with the same "
        + "rows. Look for a settings table, a file, a feature flag or a deployment of legacy; the time, if the "
        + "function doesn't use it; or a part of the request that the route ignores.";
}
