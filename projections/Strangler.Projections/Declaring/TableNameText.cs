namespace Strangler.Projections.Declaring;

/// <summary>
/// A table's name as <c>Declare</c> writes it: <c>schema.table</c>, either part in double quotes if it contains a dot
/// or begins with a quote, with quotes inside doubled, as in SQL. Case-sensitive, quoted or not.
/// </summary>
internal static class TableNameText
{
    /// <summary>Schema and table; null if the text isn't a name.</summary>
    public static (string Schema, string Table)? Parts(string name)
    {
        if (Part(name, 0) is not var (schema, dot) || dot >= name.Length || name[dot] != '.')
            return null;
        return Part(name, dot + 1) is var (table, end) && end == name.Length ? (schema, table) : null;
    }

    private static (string Text, int End)? Part(string name, int from)
    {
        if (from >= name.Length)
            return null;
        if (name[from] != '"')
        {
            var dot = name.IndexOf('.', from);
            var end = dot < 0 ? name.Length : dot;
            return end > from ? (name[from..end], end) : null;
        }
        var text = new System.Text.StringBuilder();
        for (var at = from + 1; at < name.Length; at++)
        {
            if (name[at] != '"')
                text.Append(name[at]);
            else if (at + 1 < name.Length && name[at + 1] == '"')
                text.Append(name[at++]);
            else
                return text.Length > 0 ? (text.ToString(), at + 1) : null;
        }
        return null;
    }
}
