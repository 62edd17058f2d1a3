namespace Strangler.Evidence.Gates;

/// <summary>Who answers a route.</summary>
public enum Stage
{
    /// <summary>The call graph.</summary>
    Legacy,

    /// <summary>The call graph; the lookup is compared with it.</summary>
    Shadow,

    /// <summary>The lookup; the call graph if the lookup has no answer or one that is too old.</summary>
    Lookup,
}

/// <summary>How stages are written in configuration, store, commands and reports.</summary>
public static class StageText
{
    /// <summary>All stages in order, for use in a sentence.</summary>
    public const string All = "'legacy', 'shadow' and 'lookup'";

    public static string Text(this Stage stage) =>
        stage switch
        {
            Stage.Legacy => "legacy",
            Stage.Shadow => "shadow",
            Stage.Lookup => "lookup",
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "Not a stage."),
        };

    /// <summary>Accepts only these exact words, so that a number or a different case is not a stage.</summary>
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
