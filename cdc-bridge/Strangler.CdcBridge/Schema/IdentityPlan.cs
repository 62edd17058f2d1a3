using Strangler.CdcBridge.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge.Schema;

/// <summary>
/// Which captured tables get another replica identity (<c>replica.identity.autoset.values</c>). Pure.
/// </summary>
/// <param name="Faults">Entries that can't be followed.</param>
/// <param name="Changes">Tables whose identity differs from their entry's.</param>
internal sealed record IdentityPlan(IReadOnlyList<Fault> Faults, IReadOnlyList<IdentityChange> Changes)
{
    private const string Path = "Source:replica.identity.autoset.values";

    public static IdentityPlan Of(BridgeConfig config, IEnumerable<CandidateTable> tables)
    {
        var (faults, changes) = (new List<Fault>(), new List<IdentityChange>());
        foreach (var table in tables.Where(table => table.IsTable && SourceCatalogue.IsCaptured(config, table)))
        {
            var matches = config.Stream.Identities.Where(entry => entry.Table.IsMatch(table.Name.ToString())).ToList();
            if (matches.Count > 1)
                faults.Add(
                    new Fault(
                        Path,
                        $"{matches.Count} of its entries match the table '{table.Name}'.",
                        "Write the entries so that at most one matches a table."
                    )
                );
            else if (matches is [var only] && Differs(table, only))
            {
                if (FaultOf(table, only) is { } fault)
                    faults.Add(fault);
                else
                    changes.Add(new IdentityChange(table.Name.ToString(), Statement(table, only)));
            }
        }
        return new IdentityPlan(faults, changes);
    }

    private static bool Differs(CandidateTable table, IdentityAssignment entry) =>
        entry.Identity switch
        {
            "FULL" => table.Identity != 'f',
            "DEFAULT" => table.Identity != 'd',
            _ => table.Identity != 'i' || table.IdentityIndex != entry.Index,
        };

    private static Fault? FaultOf(CandidateTable table, IdentityAssignment entry) =>
        entry.Identity == "DEFAULT" && !table.Keys.HasImmediateKey
            ? new Fault(
                Path,
                $"With the identity DEFAULT, UPDATE and DELETE of the table '{table.Name}' itself would fail: "
                    + "it has no primary key that is not deferrable.",
                "Name FULL or an index for it, or leave its entry out."
            )
            : null;

    private static string Statement(CandidateTable table, IdentityAssignment entry) =>
        $"ALTER TABLE {SqlName.Quote(table.Name.Schema, table.Name.Name)} REPLICA IDENTITY "
        + (entry.Index is { } index ? $"USING INDEX {SqlName.Quote(index)}" : entry.Identity);
}
