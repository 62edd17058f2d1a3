namespace Strangler.Evidence.Gates;

/// <summary>How stages are written in configuration, store, commands and reports.</summary>
public static class StageText
{
    /// <summary>All stages in order, for use in a sentence.</summary>
    public static string All { get; } =
        $"{string.Join(", ", StageTraits.Stages.SkipLast(1).Select(Quoted))} and {Quoted(StageTraits.Stages.Last())}";

    public static StageTraits Traits(this Stage stage) => StageTraits.Of(stage);

    public static string Text(this Stage stage) => StageTraits.Of(stage).Text;

    /// <inheritdoc cref="StageTraits.Parse"/>
    public static bool TryParse(string? text, out Stage stage)
    {
        var parsed = StageTraits.Parse(text);
        stage = parsed ?? Stage.Legacy;
        return parsed is not null;
    }

    private static string Quoted(Stage stage) => $"'{stage.Text()}'";
}
