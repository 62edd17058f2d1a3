using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Strangler.Evidence.Rendering.Html;

/// <summary>Escapes the holes of an interpolated string.</summary>
[InterpolatedStringHandler]
internal readonly ref struct MarkupHandler(int literalLength, int formattedCount)
{
    private readonly StringBuilder _html = new(literalLength + formattedCount * 16);

    public void AppendLiteral(string html) => _html.Append(html);

    public void AppendFormatted(Markup markup) => _html.Append(markup.Html);

    public void AppendFormatted(string? text) => _html.Append(WebUtility.HtmlEncode(text));

    public void AppendFormatted<TValue>(TValue value, string? format = null)
        where TValue : IFormattable =>
        _html.Append(WebUtility.HtmlEncode(value.ToString(format, CultureInfo.InvariantCulture)));

    public override string ToString() => _html.ToString();
}
