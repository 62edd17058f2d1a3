namespace Strangler.Gateway.Health;

/// <summary>Who looks at a build that it may not read from.</summary>
/// <param name="Name">What it is called in a sentence.</param>
/// <param name="Consequence">What comes of it.</param>
internal sealed record BuildObserver(string Name, string Consequence)
{
    public static readonly BuildObserver Gateway = new("this gateway", "look-ups go to legacy");

    /// <summary>
    /// <c>strangler check</c>: its cultures and assemblies are those of a gateway that is started in the same way.
    /// </summary>
    public static readonly BuildObserver Check = new(
        "this command",
        "look-ups of a gateway that is started like it go to legacy"
    );
}
