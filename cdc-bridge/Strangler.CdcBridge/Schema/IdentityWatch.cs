using Microsoft.Extensions.Logging;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Telemetry;

namespace Strangler.CdcBridge.Schema;

/// <summary>
/// Names, once, tables whose own UPDATE and DELETE fail because our publication holds them, and which no doubt names:
/// Debezium's format has none, and a publication of all tables holds more than are selected.
/// </summary>
internal sealed class IdentityWatch(BridgeConfig config, ILogger logger)
{
    private readonly HashSet<TableName> _named = [];

    public void See(SourceCatalogue catalogue)
    {
        var publication = catalogue.Publication;
        if (publication is null || publication.Comment != PublicationState.CommentOf(config.Slot))
            return;
        var missing = catalogue
            .Relations.Where(relation => relation is { IsTable: true, HasIdentity: false })
            .Where(relation => publication.Tables.Contains(relation.Name))
            .Where(relation => !config.Events.RequiresWholeTables || !SourceCatalogue.IsCaptured(config, relation))
            .ToList();
        foreach (var relation in missing.Where(relation => _named.Add(relation.Name)))
            logger.IdentityMissing(TableGap.OfIdentity(config, relation, publication)!);
        _named.IntersectWith(missing.Select(relation => relation.Name));
    }
}
