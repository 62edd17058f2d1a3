namespace Strangler.EndToEnd.Tests.Guide;

/// <summary>What a page asks its reader to do, in a block of code.</summary>
internal abstract record GuideStep
{
    private GuideStep(Place place) => Place = place;

    public Place Place { get; }

    /// <summary>A file to write.</summary>
    public sealed record Write(Place Place, string File, string Text) : GuideStep(Place);

    /// <summary>Commands whose output isn't shown.</summary>
    public sealed record Run(Place Place, string Script) : GuideStep(Place);

    /// <summary>A command and its output, with <c>…</c> for what is left out.</summary>
    public sealed record Type(Place Place, string Command, string Output) : GuideStep(Place);

    /// <summary>SQL for the legacy database.</summary>
    public sealed record Query(Place Place, string Sql) : GuideStep(Place);
}
