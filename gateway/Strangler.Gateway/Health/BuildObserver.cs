namespace Strangler.Gateway.Health;

/// <summary>A process that looks at a build from which it may not read.</summary>
/// <param name="Name">Its name in a sentence.</param>
/// <param name="Consequence">The consequence for look-ups.</param>
internal sealed record BuildObserver(string Name, string Consequence)
{
    public static readonly BuildObserver Gateway = new("this gateway", "look-ups go to legacy");

    /// <summary>
    /// <c>strangler check</c>. Its cultures and assemblies are those of a gateway that is started in the same way.
    /// </summary>
    public static readonly BuildObserver Check = new(
        "this command",
        "look-ups of a gateway that is started like it go to legacy"
    );
}
