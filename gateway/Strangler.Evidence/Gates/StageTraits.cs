namespace Strangler.Evidence.Gates;

/// <summary>
/// What a stage means. Everything that acts on a stage asks here, so that a new stage is a new row: nothing else
/// compares stages by name.
/// </summary>
public sealed record StageTraits
{
    private static readonly (Stage Stage, StageTraits Traits)[] Table =
    [
        (Stage.Legacy, new() { Text = "legacy", IsLeftByItself = true }),
        (
            Stage.Shadow,
            new()
            {
                Text = "shadow",
                IsCompared = true,
                IsLeftByItself = true,
            }
        ),
        (
            Stage.Lookup,
            new()
            {
                Text = "lookup",
                LookupAnswers = true,
                IsGated = true,
                IsRechecked = true,
                FallsBack = true,
            }
        ),
    ];

    private StageTraits() { }

    /// <summary>How it is written in configuration, store, commands and reports.</summary>
    public required string Text { get; init; }

    /// <summary>The lookup answers requests; otherwise the call graph does.</summary>
    public bool LookupAnswers { get; private init; }

    /// <summary>Answers of the lookup are compared with those of the call graph.</summary>
    public bool IsCompared { get; private init; }

    /// <summary>Some of the lookup's answers are compared with what legacy says afterward.</summary>
    public bool IsRechecked { get; private init; }

    /// <summary>A route enters it through the gate, unless a person forces it.</summary>
    public bool IsGated { get; private init; }

    /// <summary>
    /// A route that promotes itself leaves it for the next stage. From the others, only a person takes it.
    /// </summary>
    public bool IsLeftByItself { get; private init; }

    /// <summary>
    /// The call graph is behind the lookup: it answers what the lookup can't, and the gateway may put the route back.
    /// </summary>
    public bool FallsBack { get; private init; }

    /// <summary>The lookup is asked: a route enters it only with a projection whose documents are complete.</summary>
    public bool UsesLookup => LookupAnswers || IsCompared;

    /// <summary>The gateway has to look at the source's primary: what is compared is bracketed by such looks.</summary>
    public bool NeedsSource => IsCompared;

    /// <summary>All stages, in the order of a cutover.</summary>
    public static IEnumerable<Stage> Stages => Table.Select(row => row.Stage);

    /// <exception cref="ArgumentOutOfRangeException">It is not a stage.</exception>
    public static StageTraits Of(Stage stage)
    {
        foreach (var row in Table)
        {
            if (row.Stage == stage)
                return row.Traits;
        }
        throw new ArgumentOutOfRangeException(nameof(stage), stage, "Not a stage.");
    }

    /// <summary>Exactly the words of the table, so that a number or another case is not a stage.</summary>
    /// <returns>Null if no stage is written so.</returns>
    public static Stage? Parse(string? text)
    {
        foreach (var row in Table)
        {
            if (row.Traits.Text == text)
                return row.Stage;
        }
        return null;
    }
}
