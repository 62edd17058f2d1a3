using Npgsql.Replication;
using Npgsql.Replication.Internal;

namespace Strangler.CdcBridge.Replication;

/// <summary>A slot whose frames are read as they are, with no decoder between.</summary>
internal sealed class RawSlot(string name) : LogicalReplicationSlot("pgoutput", new ReplicationSlotOptions(name));
