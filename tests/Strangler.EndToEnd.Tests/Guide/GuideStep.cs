namespace Strangler.EndToEnd.Tests.Guide;

/// <summary>What a page asks its reader to do, in a block of code.</summary>
internal abstract record GuideStep
{
    private GuideStep() { }

    /// <summary>The heading above the block.</summary>
    public required string Heading { get; init; }

    /// <summary>The line of the page at which it begins.</summary>
    public required int Line { get; init; }

    /// <summary>A file to write.</summary>
    public sealed record Write(string File, string Text) : GuideStep;

    /// <summary>Commands whose output isn't shown.</summary>
    public sealed record Run(string Script) : GuideStep;

    /// <summary>A command, and what comes of it, with <c>…</c> for what is left out.</summary>
    public sealed record Type(string Command, string Output) : GuideStep;

    /// <summary>SQL for the legacy database.</summary>
    public sealed record Query(string Sql) : GuideStep;
}
