using System.Globalization;
using System.Text;

namespace Strangler.Comparing.Paths;

/// <summary>Reads one path (RFC 9535, section 2). Slices, filters and lists of selectors are not supported.</summary>
internal ref struct PathParser(string text)
{
    private const int MaxLength = 1024;
    private readonly ReadOnlySpan<char> _text = text;
    private int _at;

    public PathFault Fault { get; private set; }

    /// <returns>Null with <see cref="Fault"/>.</returns>
    public List<PathSegment>? Read()
    {
        if (_text.Length > MaxLength)
            return Fail<List<PathSegment>>(MaxLength, $"it becomes longer than {MaxLength} characters");
        if (_text.IsEmpty || _text[0] != '$')
            return Fail<List<PathSegment>>(0, "it does not begin with '$'");
        _at = 1;
        var segments = new List<PathSegment>();
        while (true)
        {
            var before = _at;
            SkipBlanks();
            if (_at == _text.Length)
                return _at == before ? segments : Fail<List<PathSegment>>(before, "it ends with a space");
            if (Segment() is not { } segment)
                return null;
            segments.Add(segment);
        }
    }

    private PathSegment? Segment()
    {
        if (_text[_at] == '[')
            return Bracket(descendant: false);
        if (_text[_at] != '.')
            return Fail<PathSegment?>(_at, "the next step starts with neither '.' nor '['");
        var descendant = _at + 1 < _text.Length && _text[_at + 1] == '.';
        _at += descendant ? 2 : 1;
        if (_at == _text.Length)
            return Fail<PathSegment?>(_at, "the step has no name");
        if (_text[_at] == '*')
        {
            _at++;
            return new PathSegment(descendant, null, null);
        }
        if (descendant && _text[_at] == '[')
            return Bracket(descendant: true);
        var from = _at;
        if (!PathText.IsShorthandFirst(_text[_at]))
            return Fail<PathSegment?>(
                _at,
                $"'{_text[_at]}' can't start a name after a dot; other names are written ['name']"
            );
        while (_at < _text.Length && PathText.IsShorthand(_text[_at]))
            _at++;
        if (_at < _text.Length && _text[_at] is not ('.' or '[' or ' ' or '\t' or '\n' or '\r'))
            return Fail<PathSegment?>(
                _at,
                $"'{_text[_at]}' can't occur in a name after a dot; such a name is written ['name']"
            );
        return new PathSegment(descendant, _text[from.._at].ToString(), null);
    }

    private PathSegment? Bracket(bool descendant)
    {
        _at++;
        SkipBlanks();
        if (_at == _text.Length)
            return Fail<PathSegment?>(_at, "the bracket is not closed");
        PathSegment segment;
        if (_text[_at] == '*')
        {
            _at++;
            segment = new PathSegment(descendant, null, null);
        }
        else if (_text[_at] is '\'' or '"')
        {
            if (Quoted() is not { } name)
                return null;
            segment = new PathSegment(descendant, name, null);
        }
        else if (_text[_at] == '-' || char.IsAsciiDigit(_text[_at]))
        {
            if (Index() is not { } index)
                return null;
            segment = new PathSegment(descendant, null, index);
        }
        else
            return Fail<PathSegment?>(
                _at,
                "the bracket contains neither a quoted name nor an index nor '*'; slices and filters aren't "
                    + "supported"
            );
        SkipBlanks();
        if (_at == _text.Length)
            return Fail<PathSegment?>(_at, "the bracket is not closed");
        if (_text[_at] != ']')
            return Fail<PathSegment?>(
                _at,
                $"'{_text[_at]}' is where the bracket should close; it may contain only one name, one index or "
                    + "'*' here"
            );
        _at++;
        return segment;
    }

    private int? Index()
    {
        var from = _at;
        if (_text[_at] == '-')
            _at++;
        var digits = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
            _at++;
        var index = _text[from.._at];
        if (_at == digits || _text[digits] == '0' && index is not "0")
            return Fail<int?>(from, $"'{index}' is not an index");
        return int.TryParse(index, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : Fail<int?>(from, $"the index '{index}' is beyond every array");
    }

    private string? Quoted()
    {
        var quote = _text[_at];
        var from = _at++;
        var name = new StringBuilder();
        while (_at < _text.Length && _text[_at] != quote)
        {
            if (_text[_at] < ' ')
                return Fail<string>(_at, "a control character is in a name; it is written as an escape");
            if (_text[_at] != '\\')
                name.Append(_text[_at++]);
            else if (!Escape(quote, name))
                return null;
        }
        if (_at == _text.Length)
            return Fail<string>(from, "the quote is not closed");
        _at++;
        return name.ToString();
    }

    private bool Escape(char quote, StringBuilder name)
    {
        var from = _at++;
        var kind = _at < _text.Length ? _text[_at++] : '\0';
        switch (kind)
        {
            case 'b':
                name.Append('\b');
                return true;
            case 't':
                name.Append('\t');
                return true;
            case 'n':
                name.Append('\n');
                return true;
            case 'f':
                name.Append('\f');
                return true;
            case 'r':
                name.Append('\r');
                return true;
            case '/' or '\\':
                name.Append(kind);
                return true;
            case 'u'
                when _at + 4 <= _text.Length
                    && ushort.TryParse(
                        _text.Slice(_at, 4),
                        NumberStyles.AllowHexSpecifier,
                        CultureInfo.InvariantCulture,
                        out var unit
                    ):
                _at += 4;
                name.Append((char)unit);
                return true;
            default:
                if (kind == quote)
                {
                    name.Append(kind);
                    return true;
                }
                Fault = new PathFault(from + 1, "this escape doesn't exist");
                return false;
        }
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\t' or '\n' or '\r')
            _at++;
    }

    private TResult? Fail<TResult>(int at, string problem)
    {
        Fault = new PathFault(at + 1, problem);
        return default;
    }
}
