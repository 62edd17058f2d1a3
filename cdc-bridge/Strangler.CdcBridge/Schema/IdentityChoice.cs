using Strangler.CdcBridge.Configuration;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge.Schema;

/// <summary>What could tell a table's rows apart. Pure.</summary>
/// <param name="HasKey">Whether it has a primary key.</param>
/// <param name="HasImmediateKey">Whether it has one that is not deferrable.</param>
/// <param name="UniqueIndexes">The unique indexes that USING INDEX accepts.</param>
internal sealed record IdentityChoice(bool HasKey, bool HasImmediateKey, IReadOnlyList<string> UniqueIndexes)
{
    /// <summary>The statement that gives the table an identity by which its rows can be told apart.</summary>
    public string Remedy(TableName table)
    {
        var name = SqlName.Quote(table.Schema, table.Name);
        return this switch
        {
            { HasImmediateKey: true } => $"Run: ALTER TABLE {name} REPLICA IDENTITY DEFAULT",
            { HasKey: true } => $"Its primary key is deferrable; run: ALTER TABLE {name} REPLICA IDENTITY FULL",
            { UniqueIndexes: [var index, ..] } =>
                $"Run: ALTER TABLE {name} REPLICA IDENTITY USING INDEX {SqlName.Quote(index)}",
            _ => $"Run: ALTER TABLE {name} ADD PRIMARY KEY (…). Or create a unique index on NOT NULL columns, and run: "
                + $"ALTER TABLE {name} REPLICA IDENTITY USING INDEX …. "
                + "(REPLICA IDENTITY FULL is not enough: without a key its rows cannot be told apart.)",
        };
    }
}
