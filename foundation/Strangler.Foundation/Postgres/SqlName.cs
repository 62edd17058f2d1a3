namespace Strangler.Foundation.Postgres;

/// <summary>Names that are in SQL where a parameter cannot.</summary>
public static class SqlName
{
    /// <summary>The name in double quotes, quotes within it doubled, as PostgreSQL's manual 4.1.1 has it.</summary>
    public static string Quote(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A name cannot contain the character with code zero.", nameof(name));
        return "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }

    /// <summary>A schema-qualified name, each part quoted.</summary>
    public static string Quote(string schema, string name) => Quote(schema) + "." + Quote(name);
}
