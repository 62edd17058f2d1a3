namespace Strangler.EndToEnd.Tests.Guide;

/// <summary>A place on a page.</summary>
/// <param name="Heading">The heading above it.</param>
/// <param name="Line">Its line, counted from 1.</param>
internal sealed record Place(string Heading, int Line)
{
    public override string ToString() => $"line {Line}, under '{Heading}'";
}
