using Strangler.Evidence.Reports;

namespace Strangler.Evidence.Rendering.Html;

/// <summary>A route's guard.</summary>
internal static class GuardSection
{
    public static Markup Of(GuardReport? guard)
    {
        if (guard is null or { State: "off" })
            return Markup.None;
        var sentences = GuardText.Of(guard);
        return Markup.Of(
            $"""
            <p>The {sentences[0]}.</p>
            <ul>{Markup.Each(sentences.Skip(1).ToList(), rule => Markup.Of($"<li>{rule}</li>"))}</ul>
            """
        );
    }
}
