using Strangler.CdcBridge.Telemetry;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Offsets;

/// <summary>
/// The risk that a person has been told of. A greater one is told at once; a smaller one only after it has lasted, so
/// that a slot at the edge isn't logged at every look. Pure.
/// </summary>
/// <param name="Told">The risk that was told last.</param>
/// <param name="Seen">When the slot was last at that risk or above it.</param>
internal sealed record WalRiskState(WalRisk Told, DateTimeOffset Seen)
{
    public static readonly WalRiskState Calm = new(WalRisk.None, DateTimeOffset.MinValue);

    /// <summary>The risk of a slot now.</summary>
    /// <param name="max">How many bytes it may hold back.</param>
    public static WalRisk Of(SlotState slot, long max) =>
        slot.WalStatus switch
        {
            "lost" => WalRisk.Lost,
            "unreserved" => WalRisk.Unreserved,
            // what is safe and what is retained are together what max_slot_wal_keep_size allows
            _ when slot.Retained > max || slot.Safe < slot.Retained => WalRisk.Held,
            "extended" => WalRisk.Extended,
            _ => WalRisk.None,
        };

    /// <summary>The state after a look; a person is told if <see cref="Told"/> differs.</summary>
    /// <param name="calm">How long a smaller risk has to last.</param>
    public WalRiskState After(WalRisk risk, DateTimeOffset now, TimeSpan calm) =>
        risk > Told || (risk < Told && now - Seen >= calm) ? new(risk, now)
        : risk == Told ? this with { Seen = now }
        : this;

    /// <summary>The sentence of a risk; null if there is none.</summary>
    public static Fault? FaultOf(WalRisk risk, SlotState slot, string name, long max)
    {
        var (path, retained) = ($"slot '{name}'", ByteSize.Text(slot.Retained));
        var left = slot.Safe is { } safe
            ? $"The server invalidates it after {ByteSize.Text(Math.Max(safe, 0))} more (max_slot_wal_keep_size)."
            : "The server has no max_slot_wal_keep_size, so its disk fills up.";
        const string WayOut =
            "Look why the bridge doesn't advance: its own log, and the log's store. If the bridge is given up, run "
            + "'strangler bridge drop'.";
        return risk switch
        {
            WalRisk.None => null,
            WalRisk.Lost => new Fault(
                path,
                "The server has invalidated it (wal_status 'lost').",
                "Take a new snapshot: 'strangler bridge --resnapshot' (Source:resnapshot=true)."
            ),
            WalRisk.Unreserved => new Fault(
                path,
                $"It holds back {retained} of the source's write-ahead log, and the server's next checkpoint may "
                    + "invalidate it (wal_status 'unreserved').",
                WayOut
            ),
            WalRisk.Held when slot.Retained > max => new Fault(
                path,
                $"It holds back {retained} of the source's write-ahead log, more than Bridge:MaxRetainedWal "
                    + $"({ByteSize.Text(max)}). {left}",
                WayOut
            ),
            WalRisk.Held => new Fault(
                path,
                $"It holds back {retained} of the source's write-ahead log, more than half of what the server keeps "
                    + $"for it. {left}",
                WayOut
            ),
            _ => new Fault(
                path,
                $"It holds back {retained} of the source's write-ahead log, more than max_wal_size (wal_status "
                    + $"'extended'). {left}",
                WayOut
            ),
        };
    }
}
