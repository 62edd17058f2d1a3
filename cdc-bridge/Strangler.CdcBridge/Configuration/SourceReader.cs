using System.Text.RegularExpressions;

namespace Strangler.CdcBridge.Configuration;

/// <summary>Reads how the source is prepared: publication, slot, identities, tables.</summary>
internal static partial class SourceReader
{
    public static PublicationMode Mode(PropertyValues values, EventFormat format)
    {
        const string Name = "publication.autocreate.mode";
        if (format != EventFormat.Strangler)
            return values.Choice(
                Name,
                ("all_tables", PublicationMode.AllTables),
                ("disabled", PublicationMode.Disabled),
                ("filtered", PublicationMode.Filtered),
                ("no_tables", PublicationMode.NoTables)
            );
        var text = values.Text(Name).Trim();
        if (text.ToLowerInvariant() is not ("all_tables" or "no_tables"))
            return values.Choice(Name, ("filtered", PublicationMode.Filtered), ("disabled", PublicationMode.Disabled));
        values.Fault(
            Name,
            $"'{values.Shown(Name)}' is not supported: a publication of all tables makes the UPDATE and DELETE "
                + "of every table without a replica identity fail.",
            "Use 'filtered', or 'disabled' with a publication of your own."
        );
        return PublicationMode.Filtered;
    }

    public static TableSelection Selection(PropertyValues values)
    {
        var (schemas, notSchemas, tables, notTables) = (
            values.Patterns("schema.include.list"),
            values.Patterns("schema.exclude.list"),
            values.Patterns("table.include.list"),
            values.Patterns("table.exclude.list")
        );
        Exclusive(values, "schema.exclude.list", "schema.include.list");
        Exclusive(values, "table.exclude.list", "table.include.list");
        return new TableSelection(schemas, notSchemas, tables, notTables);
    }

    /// <summary>Adds a fault if both are set.</summary>
    public static void Exclusive(PropertyValues values, string name, string other)
    {
        if (values.Given(name) is not null && values.Given(other) is not null)
            values.Fault(name, $"It is set together with {other}.", "Set one of the two.");
    }

    public static StreamOptions Stream(PropertyValues values, EventFormat format)
    {
        CheckPlugin(values);
        CheckFlush(values);
        return new StreamOptions
        {
            InitialStatements = Statements(values.Text("database.initial.statements")),
            HasFailoverSlot = values.Flag("slot.failover"),
            PublishesViaRoot = values.Flag("publish.via.partition.root"),
            XminInterval =
                format == EventFormat.Strangler ? TimeSpan.Zero : values.Milliseconds("xmin.fetch.interval.ms"),
            Identities = Identities(values),
            MaxTables = values.Number("guardrail.collections.max", 0, int.MaxValue),
            FailsAboveMaxTables = values.Choice("guardrail.collections.limit.action", ("warn", false), ("fail", true)),
        };
    }

    /// <summary>Statements are separated by semicolons; two of them are one within a statement.</summary>
    private static List<string> Statements(string text) =>
        [
            .. OneSemicolon()
                .Split(text)
                .Select(part => part.Replace(";;", ";", StringComparison.Ordinal).Trim())
                .Where(part => part.Length > 0),
        ];

    private static void CheckPlugin(PropertyValues values)
    {
        const string Name = "plugin.name";
        if (values.Text(Name).Trim().Equals("pgoutput", StringComparison.OrdinalIgnoreCase))
            return;
        values.Fault(
            Name,
            values.Given(Name) is null
                ? "It isn't set, and the connector's default is 'decoderbufs': only PostgreSQL's own plugin is decoded."
                : $"The value '{values.Shown(Name)}' is not supported. Only PostgreSQL's own plugin is decoded.",
            "Set it to 'pgoutput'; a slot of another plugin can't be used, so name another slot too."
        );
    }

    private static void CheckFlush(PropertyValues values)
    {
        const string Name = "lsn.flush.mode";
        if (values.Choice(Name, ("connector", false), ("connector_and_driver", false), ("manual", true)))
            values.Fault(
                Name,
                "The value 'manual' is not supported. Something else would have to free the source's WAL.",
                "Set it to 'connector', or leave it out."
            );
    }

    private static List<IdentityAssignment> Identities(PropertyValues values)
    {
        const string Name = "replica.identity.autoset.values";
        var identities = new List<IdentityAssignment>();
        foreach (
            var entry in values
                .Text(Name)
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        )
        {
            if (Identity().Match(entry) is not { Success: true } match)
                values.Fault(
                    Name,
                    $"'{values.Shown(Name, entry)}' is not a table and its replica identity.",
                    "Write 'schema.table:FULL', DEFAULT or 'INDEX name', separated by commas."
                );
            else if (match.Groups["kind"].Value.Equals("NOTHING", StringComparison.OrdinalIgnoreCase))
                values.Fault(
                    Name,
                    $"The identity NOTHING in '{values.Shown(Name, entry)}' is not supported: UPDATE and DELETE of a "
                        + "published table itself would fail.",
                    "Name FULL, DEFAULT or an index, or leave the entry out."
                );
            else if (values.Compile(Name, match.Groups["table"].Value) is { } table)
                identities.Add(
                    new IdentityAssignment(
                        table,
                        match.Groups["kind"].Value.ToUpperInvariant(),
                        match.Groups["index"] is { Success: true } index ? index.Value : null
                    )
                );
        }
        return identities;
    }

    [GeneratedRegex("(?<!;);(?!;)")]
    private static partial Regex OneSemicolon();

    [GeneratedRegex(
        @"^(?<table>[^\s:]+):((?<kind>DEFAULT|FULL|NOTHING)|(?<kind>INDEX) (?<index>\S+))$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Identity();
}
