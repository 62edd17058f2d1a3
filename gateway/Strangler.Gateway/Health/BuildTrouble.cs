using System.Globalization;
using Strangler.Foundation.Cultures;
using Strangler.Projections;

namespace Strangler.Gateway.Health;

/// <summary>Why the lookup answers nothing from a projection, for any key. Pure.</summary>
internal static class BuildTrouble
{
    private const int ShownDigits = 12;
    private const string Switch = "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT";

    private const string Distrusted =
        "It is not known yet whether the source has the change log's history, so that look-ups go to legacy. "
        + "The bridge compares the two, or takes a new snapshot; its log says which.";

    /// <param name="responder">The projection as loaded here.</param>
    /// <param name="build">Its state in the store. Null if it was never built.</param>
    /// <param name="reader">The process that looks. Null means a gateway.</param>
    /// <returns>One sentence each, with the way out. Empty if it may answer.</returns>
    public static IReadOnlyList<string> Sentences(IResponder responder, BuildState? build, BuildObserver? reader = null)
    {
        if (build is null)
            return [];
        var sentences = new List<string>();
        if (build.IsDistrusted)
            sentences.Add(Distrusted);
        if (build.Problem is { } problem)
            sentences.Add($"It has stopped, so that look-ups go to legacy. {problem}");
        // a table in doubt stops a projection at a new epoch, and is then the problem itself
        sentences.AddRange(
            build.InDoubt.Where(table => table.Why is null || table.Why != build.Problem).Select(InDoubt)
        );
        if (build.InDoubtCount - build.InDoubt.Count is > 0 and var more)
            sentences.Add(More(more));
        if (build.Version != responder.Projection.Version)
        {
            sentences.AddRange(OtherVersion(responder, build, reader ?? BuildObserver.Gateway));
        }
        return sentences;
    }

    private static string InDoubt(TableInDoubt table)
    {
        var so = $"The table '{table.Table}' is in doubt, so that look-ups go to legacy";
        return table.Why is { } why
            ? $"{so}. {Without(why, table.Table)}"
            : $"{so} until it has been read again; nothing is to be done.";
    }

    /// <summary>The bridge's sentence begins with the table's name, since it is also read on its own.</summary>
    private static string Without(string why, string table) =>
        why.StartsWith($"{table}: ", StringComparison.Ordinal) ? why[(table.Length + 2)..] : why;

    private static string More(long count) =>
        count == 1
            ? "1 more table that it reads is in doubt."
            : string.Create(CultureInfo.InvariantCulture, $"{count} more tables that it reads are in doubt.");

    /// <summary>
    /// The version is computed from the code and the cultures. If the code is the same, looking at it doesn't reveal
    /// the difference.
    /// </summary>
    private static IEnumerable<string> OtherVersion(IResponder responder, BuildState build, BuildObserver reader)
    {
        var (made, own) = (build.Code, responder.Code);
        if (made is null || own is null || made.Hash != own.Hash)
        {
            var (there, here) = (Short(build.Version), Short(responder.Projection.Version));
            yield return $"Its documents were made by the version {there}, and {reader.Name} has {here}, "
                + $"so that {reader.Consequence}. Start projections and gateway with the same assemblies.";
        }
        if (made is not null && own is not null && made.Cultures != own.Cultures)
        {
            yield return $"Its documents were computed {With(made.Cultures)}, "
                + $"and {reader.Name} runs {With(own.Cultures)}, so that {reader.Consequence}. "
                + $"{WayOut(made.Cultures, own.Cultures, reader.Name)}";
        }
    }

    private static string With(string cultures) =>
        cultures == CultureData.Invariant ? "without the data of cultures (invariant)" : $"with {cultures}";

    private static string WayOut(string made, string own, string reader) =>
        (made, own) switch
        {
            (_, CultureData.Invariant) => $"Install {made} (libicu) where {reader} runs and start it without {Switch}, "
                + $"or start the projections with {Switch}=1, which computes all documents again.",
            (CultureData.Invariant, _) =>
                $"Start {reader} with {Switch}=1, or install {own} (libicu) where the projections run "
                    + "and start them without that variable, which computes all documents again.",
            _ => "Install the same ICU (libicu) for both, as one container image has it, "
                + $"or start both with {Switch}=1. "
                + "Projections that start with another one compute all documents again.",
        };

    private static string Short(string version) => version.Length > ShownDigits ? version[..ShownDigits] : version;
}
