namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>f(rows) for a key.</summary>
internal abstract record KeyContent
{
    private KeyContent() { }

    /// <summary>An answer with this body.</summary>
    public sealed record Present(string Body) : KeyContent;

    /// <summary>No row: 404.</summary>
    public sealed record Absent : KeyContent;

    /// <summary>The tables can't be read as declared, so that no answer of a lookup is right.</summary>
    public sealed record Unreadable : KeyContent;
}
