using System.Text.RegularExpressions;

namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>Reads a JSON text into its tokens without changing how any is spelt.</summary>
internal sealed partial class TokenReader(string text)
{
    private int _at;

    /// <summary>Whether white space stood between the tokens read so far.</summary>
    public bool Spaced { get; private set; }

    private char Current => _at < text.Length ? text[_at] : throw Malformed();

    public TokenTree ReadAll()
    {
        var tree = ReadValue();
        SkipSpace();
        return _at == text.Length ? tree : throw Malformed();
    }

    private TokenTree ReadValue()
    {
        SkipSpace();
        return Current switch
        {
            '{' => new TokenTree.Object(ReadFields()),
            '[' => new TokenTree.Array(ReadItems(']', ReadValue)),
            '"' => new TokenTree.Literal(ReadString()),
            _ => ReadLiteral(),
        };
    }

    /// <summary>A name that stands twice keeps its first place and its last value.</summary>
    private List<TokenField> ReadFields()
    {
        var fields = new List<TokenField>();
        foreach (var field in ReadItems('}', ReadField))
        {
            var known = fields.FindIndex(other => other.Name == field.Name);
            if (known < 0)
                fields.Add(field);
            else
                fields[known] = field;
        }
        return fields;
    }

    private TokenField ReadField()
    {
        SkipSpace();
        var name = ReadString();
        SkipSpace();
        Take(':');
        return new(name, ReadValue());
    }

    private List<T> ReadItems<T>(char end, Func<T> read)
    {
        var items = new List<T>();
        _at++;
        SkipSpace();
        while (Current != end || items.Count > 0)
        {
            items.Add(read());
            SkipSpace();
            if (Current == end)
                break;
            Take(',');
        }
        _at++;
        return items;
    }

    private string ReadString()
    {
        var from = _at;
        Take('"');
        while (Current != '"')
            _at += Current == '\\' ? 2 : 1;
        _at++;
        return text[from.._at];
    }

    private TokenTree.Literal ReadLiteral()
    {
        var literal = Literal().Match(text, _at);
        if (!literal.Success)
            throw Malformed();
        _at += literal.Length;
        return new(literal.Value);
    }

    private void Take(char expected)
    {
        if (Current != expected)
            throw Malformed();
        _at++;
    }

    private void SkipSpace()
    {
        for (; _at < text.Length && text[_at] is (' ' or '\t' or '\r' or '\n'); _at++)
            Spaced = true;
    }

    private FormatException Malformed() => new($"The text isn't JSON at {_at}.");

    [GeneratedRegex(@"\G(-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?|true|false|null)")]
    private static partial Regex Literal();
}
