using System.Text;

namespace Strangler.Evidence.Rendering.Html;

/// <summary>
/// Text that is HTML. It can only be created from an interpolated string, whose holes are escaped unless they are
/// markup themselves: nothing in a report can become an element.
/// </summary>
internal readonly record struct Markup(string Html)
{
    public static readonly Markup None = new("");

    public static Markup Of(MarkupHandler html) => new(html.ToString());

    public static Markup Each<TItem>(IEnumerable<TItem> items, Func<TItem, Markup> of)
    {
        var html = new StringBuilder();
        foreach (var item in items)
            html.Append(of(item).Html);
        return new(html.ToString());
    }

    public override string ToString() => Html;
}
