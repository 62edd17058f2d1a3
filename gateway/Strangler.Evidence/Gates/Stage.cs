namespace Strangler.Evidence.Gates;

/// <summary>Who answers a route.</summary>
public enum Stage
{
    /// <summary>The call graph.</summary>
    Legacy,

    /// <summary>The call graph, and the lookup is compared with it.</summary>
    Shadow,

    /// <summary>The lookup; the call graph where it has no answer or one that is too old.</summary>
    Lookup,
}

/// <summary>How stages are written: in configuration, store, commands and reports alike.</summary>
public static class StageText
{
    /// <summary>All stages in their order, as a sentence has them.</summary>
    public const string All = "'legacy', 'shadow' and 'lookup'";

    public static string Text(this Stage stage) =>
        stage switch
        {
            Stage.Legacy => "legacy",
            Stage.Shadow => "shadow",
            Stage.Lookup => "lookup",
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "Not a stage."),
        };

    /// <summary>Exactly the words above, so that a number or another case is not a stage.</summary>
    public static bool TryParse(string? text, out Stage stage)
    {
        stage = text switch
        {
            "shadow" => Stage.Shadow,
            "lookup" => Stage.Lookup,
            _ => Stage.Legacy,
        };
        return text is "legacy" or "shadow" or "lookup";
    }
}
