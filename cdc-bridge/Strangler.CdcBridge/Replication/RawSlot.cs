using Npgsql.Replication;
using Npgsql.Replication.Internal;

namespace Strangler.CdcBridge.Replication;

/// <summary>A slot whose frames are read raw, without a decoder in between.</summary>
internal sealed class RawSlot(string name) : LogicalReplicationSlot("pgoutput", new ReplicationSlotOptions(name));
