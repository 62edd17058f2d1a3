using System.Globalization;
using Strangler.Projections;

namespace Strangler.Gateway.Health;

/// <summary>Why the lookup answers nothing of a projection, whichever key is asked for. Pure.</summary>
internal static class BuildTrouble
{
    private const int ShownDigits = 12;

    /// <param name="responder">The projection as it is here.</param>
    /// <param name="build">How it is in the store; null: it was never built.</param>
    /// <returns>A sentence each, with the way out; none: it may answer.</returns>
    public static IReadOnlyList<string> Sentences(IResponder responder, BuildState? build)
    {
        if (build is null) return [];
        var sentences = new List<string>();
        if (build.IsDistrusted) sentences.Add("It is not known yet whether the source has the change log's history, so that look-ups go to legacy. The bridge compares the two, or takes a new snapshot; its log says which.");
        if (build.Problem is { } problem) sentences.Add($"It has stopped, so that look-ups go to legacy. {problem}");
        sentences.AddRange(build.InDoubt.Where(table => table.Why is null || table.Why != build.Problem).Select(InDoubt));
        if (build.InDoubtCount - build.InDoubt.Count is > 0 and var more) sentences.Add(More(more));
        if (build.Version != responder.Projection.Version) sentences.Add(OtherVersion(responder.Projection.Version, build.Version));
        return sentences;
    }

    private static string InDoubt(TableInDoubt table) => table.Why is { } why
        ? $"The table '{table.Table}' is in doubt, so that look-ups go to legacy. {why}"
        : $"The table '{table.Table}' is in doubt, so that look-ups go to legacy until it has been read again; nothing is to be done.";

    private static string More(long count) => count == 1
        ? "1 more table that it reads is in doubt."
        : string.Create(CultureInfo.InvariantCulture, $"{count} more tables that it reads are in doubt.");

    private static string OtherVersion(string own, string made) =>
        $"Its documents were made by the version {Short(made)}, and this gateway has {Short(own)}, so that look-ups go to legacy. Start projections and gateway with the same assemblies.";

    private static string Short(string version) => version.Length > ShownDigits ? version[..ShownDigits] : version;
}
