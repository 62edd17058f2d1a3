using System.Globalization;
using System.Text.RegularExpressions;

namespace Strangler.CdcBridge.Configuration;

/// <summary>Reads which columns are written, which are keys, and what is done to their values.</summary>
internal static partial class ColumnOptionsReader
{
    /// <summary>The hashes that every Java has.</summary>
    private static readonly string[] Algorithms =
    [
        "MD2",
        "MD5",
        "SHA-1",
        "SHA1",
        "SHA",
        "SHA-224",
        "SHA-256",
        "SHA-384",
        "SHA-512",
        "SHA-512/224",
        "SHA-512/256",
        "SHA3-224",
        "SHA3-256",
        "SHA3-384",
        "SHA3-512",
    ];

    public static ColumnOptions Read(PropertyValues values)
    {
        SourceReader.Exclusive(values, "column.exclude.list", "column.include.list");
        return new ColumnOptions
        {
            Included = values.Patterns("column.include.list"),
            Excluded = values.Patterns("column.exclude.list"),
            Masks = [.. Truncations(values), .. Asterisks(values), .. Hashes(values, 1), .. Hashes(values, 2)],
            Keys = Keys(values),
            PropagatedColumns = values.Patterns("column.propagate.source.type"),
            PropagatedTypes = values.Patterns("datatype.propagate.source.type"),
        };
    }

    private static IEnumerable<ColumnMask> Truncations(PropertyValues values) =>
        from property in Matching(values, Truncation())
        let length = Length(values, property.Name, property.Match)
        from columns in values.Patterns(property.Name)
        select new ColumnMask.Truncation(columns, length);

    private static IEnumerable<ColumnMask> Asterisks(PropertyValues values) =>
        from property in Matching(values, Mask())
        let length = Length(values, property.Name, property.Match)
        from columns in values.Patterns(property.Name)
        select new ColumnMask.Asterisks(columns, length);

    private static IEnumerable<ColumnMask> Hashes(PropertyValues values, int version)
    {
        foreach (var (name, match) in Matching(values, version == 1 ? Hash() : HashOfVersion2()))
        {
            var algorithm = match.Groups["algorithm"].Value;
            if (!Algorithms.Contains(algorithm, StringComparer.OrdinalIgnoreCase))
                values.Fault(
                    name,
                    $"'{algorithm}' is not a hash that Java knows.",
                    $"Use one of {string.Join(", ", Algorithms)}."
                );
            foreach (var columns in values.Patterns(name))
                yield return new ColumnMask.Hash(columns, algorithm, match.Groups["salt"].Value, version);
        }
    }

    private static IEnumerable<(string Name, Match Match)> Matching(PropertyValues values, Regex form) =>
        values.Set.Select(pair => (pair.Key, form.Match(pair.Key))).Where(pair => pair.Item2.Success);

    private static int Length(PropertyValues values, string name, Match match)
    {
        if (int.TryParse(match.Groups["length"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            return length;
        values.Fault(
            name,
            $"'{match.Groups["length"].Value}' is not a number of characters.",
            "Use a number from 0 to 2147483647."
        );
        return 0;
    }

    /// <summary><c>table:column,column;table:column</c>: tables and columns are regular expressions.</summary>
    private static List<MessageKey> Keys(PropertyValues values)
    {
        const string Name = "message.key.columns";
        var keys = new List<MessageKey>();
        foreach (var entry in values.Text(Name).Split(';').Where(entry => entry.Trim().Length > 0))
        {
            if (
                entry.Split(':', StringSplitOptions.TrimEntries) is not [{ Length: > 0 } table, var list]
                || list.Split(',', StringSplitOptions.TrimEntries) is not { } columns
                || columns.Contains("")
            )
            {
                values.Fault(
                    Name,
                    $"'{values.Shown(Name, entry.Trim())}' is not a table and its key columns.",
                    "Write 'schema.table:column,column'; several tables are separated by semicolons."
                );
                continue;
            }
            var patterns = columns.Select(column => values.Compile(Name, $"{table}.{column}")).ToList();
            if (values.Compile(Name, table) is { } whole && patterns.TrueForAll(pattern => pattern is not null))
                keys.Add(new MessageKey(whole, columns) { Patterns = patterns! });
        }
        return keys;
    }

    [GeneratedRegex(@"^column\.truncate\.to\.(?<length>[0-9]+)\.chars$", RegexOptions.IgnoreCase)]
    private static partial Regex Truncation();

    [GeneratedRegex(@"^column\.mask\.with\.(?<length>[0-9]+)\.chars$", RegexOptions.IgnoreCase)]
    private static partial Regex Mask();

    [GeneratedRegex(
        @"^column\.mask\.hash\.(?<algorithm>[^.]+)\.with\.salt\.(?<salt>.+)$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline
    )]
    private static partial Regex Hash();

    [GeneratedRegex(
        @"^column\.mask\.hash\.v2\.(?<algorithm>[^.]+)\.with\.salt\.(?<salt>.+)$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline
    )]
    private static partial Regex HashOfVersion2();
}
