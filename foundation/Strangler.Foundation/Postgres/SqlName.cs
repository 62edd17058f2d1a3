namespace Strangler.Foundation.Postgres;

/// <summary>Names for use in SQL where parameters aren't possible.</summary>
public static class SqlName
{
    /// <summary>The name in double quotes, with quotes in it doubled (PostgreSQL's manual, 4.1.1).</summary>
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
