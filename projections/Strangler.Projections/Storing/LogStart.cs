using Strangler.ChangeLog;
using Strangler.Foundation.Faults;

namespace Strangler.Projections.Storing;

/// <summary>Decides where reading the log continues from a checkpoint. Pure.</summary>
internal abstract record LogStart
{
    private LogStart() { }

    /// <summary>The instruction to take a new snapshot, for messages that require one.</summary>
    public const string NewSnapshot =
        "Take a new snapshot: run 'strangler bridge --resnapshot' with the same --config; "
        + "'strangler up' continues meanwhile.";

    /// <summary>The log has nothing to read yet.</summary>
    public sealed record Wait : LogStart;

    /// <summary>Continue after this position.</summary>
    public sealed record GoOn(Position After) : LogStart;

    /// <summary>The records after the checkpoint are gone; start over with the snapshot after this position.</summary>
    public sealed record Anew(Position After) : LogStart;

    /// <summary>The log can't be read on.</summary>
    public sealed record Refuse(Fault Fault) : LogStart;

    public static LogStart Of(Checkpoint checkpoint, LogExtent? extent)
    {
        var (path, position) = ($"Source '{checkpoint.Source}'", checkpoint.Position);
        if (checkpoint.At is null)
        {
            if (extent is not { End: not null })
                return new Wait();
            return extent.Snapshot is { } first
                ? new GoOn(first)
                : new Refuse(
                    new(
                        path,
                        "The change log no longer holds a whole snapshot, so the mirror can't be read from it.",
                        NewSnapshot
                    )
                );
        }
        if (extent?.End is not { } end)
            return new Refuse(
                new(
                    path,
                    $"The projections have applied it through {position}, but the change log holds nothing of it: "
                        + "the log was emptied.",
                    Behind(Position.Start)
                )
            );
        if (end < position)
            return new Refuse(
                new(
                    path,
                    $"The projections have applied it through {position}, but the change log ends at {end}: the log "
                        + "was restored from an older backup, or started over.",
                    Behind(end)
                )
            );
        if (position >= extent.Begin)
            return new GoOn(position);
        return extent.Snapshot is { } snapshot
            ? new Anew(snapshot)
            : new Refuse(
                new(
                    path,
                    $"The projections have applied it through {position}, but retention has dropped everything "
                        + $"before {extent.Begin}, where the change log begins now, and no whole snapshot follows.",
                    $"{NewSnapshot} A longer 'Log:Retention' leaves projections that are down more time."
                )
            );

        // A new snapshot begins the epoch after the log's, which only helps if that epoch comes after what was applied.
        string Behind(Position logEnd) =>
            logEnd.Epoch >= position.Epoch
                ? NewSnapshot
                : "Restore the log; or let the projections start over: drop the schema 'projections', delete "
                    + "its row of public.strangler_schema, and run 'strangler migrate'.";
    }
}
