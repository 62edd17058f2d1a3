using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Schema;
using Strangler.CdcBridge.Telemetry;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge;

/// <summary>
/// <c>strangler bridge drop</c>: removes from the source what a bridge has created there, so that nothing is left that
/// holds back its write-ahead log. (1) A bridge that has the slot is a fault. (2) A person confirms what exists. (3)
/// The slot is removed, and then the publication: an unread slot does harm. Something that doesn't exist isn't a fault.
/// </summary>
public static class BridgeRemoval
{
    private const string Path = "Source";

    /// <summary>A connection that is ending may hold the slot for this long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <param name="configuration">The whole configuration; neither a store nor a broker has to be named.</param>
    /// <param name="anyPublication">Whether the publication is removed even if no bridge created it.</param>
    /// <param name="confirm">Asks a person whether to remove what the sentence names.</param>
    /// <param name="say">Receives a line for each thing that was removed, stays, or doesn't exist.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FaultException">A bridge has the slot, or the login lacks a right.</exception>
    public static async Task RunAsync(
        IConfiguration configuration,
        bool anyPublication,
        Func<string, CancellationToken, Task<bool>> confirm,
        Action<string> say,
        CancellationToken cancellationToken
    )
    {
        var config = BridgeConfigReader.ReadSource(configuration);
        await using var source = SourceSessions.Open(config, config.SourceForQueries);
        try
        {
            RemovalPlan plan;
            await using (await HoldAsync(source, config, cancellationToken)) // 1
                (plan, _) = await PlanAsync(source, config, anyPublication, cancellationToken);
            if (plan is { DropsSlot: false, DropsPublication: false })
            {
                foreach (var note in plan.Notes)
                    say(note);
                return;
            }
            if (!await confirm(Question(config, plan), cancellationToken)) // 2
            {
                say("Nothing was removed.");
                return;
            }
            await using (await HoldAsync(source, config, cancellationToken)) // 3
                await RemoveAsync(source, config, anyPublication, say, cancellationToken);
        }
        catch (Exception exception) when (DatabaseFault.Of(exception, Path, config.Source) is { } fault)
        {
            throw new FaultException(fault, exception);
        }
    }

    /// <summary>Keeps bridges from the slot.</summary>
    private static async Task<SlotLock> HoldAsync(
        NpgsqlDataSource source,
        BridgeConfig config,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await SlotLock.TakeAsync(
                source,
                config.Slot,
                former: null,
                Patience,
                TimeProvider.System,
                monitor: null,
                NullLogger.Instance,
                cancellationToken
            );
        }
        catch (FaultException exception)
        {
            throw new FaultException(
                exception.Faults[0] with
                {
                    WayOut = "Stop what reads it, such as 'strangler bridge' or 'strangler up', and run this again.",
                },
                exception
            );
        }
    }

    private static async Task<(RemovalPlan Plan, SlotState? Slot)> PlanAsync(
        NpgsqlDataSource source,
        BridgeConfig config,
        bool anyPublication,
        CancellationToken cancellationToken
    )
    {
        var slot = await SlotState.ReadAsync(source, config.Slot, cancellationToken);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var publication = await PublicationState.ReadAsync(connection, config.Publication, cancellationToken);
        return (RemovalPlan.Of(config, slot, publication, anyPublication), slot);
    }

    private static string Question(BridgeConfig config, RemovalPlan plan)
    {
        var server = new NpgsqlConnectionStringBuilder(config.Source);
        List<string> things = [];
        if (plan.DropsSlot)
            things.Add($"the slot '{config.Slot}'");
        if (plan.DropsPublication)
            things.Add($"the publication '{config.Publication}'");
        return $"Remove {string.Join(" and ", things)} from the database '{config.Database}' at "
            + $"'{server.Host}:{server.Port}'?";
    }

    private static async Task RemoveAsync(
        NpgsqlDataSource source,
        BridgeConfig config,
        bool anyPublication,
        Action<string> say,
        CancellationToken cancellationToken
    )
    {
        var (plan, slot) = await PlanAsync(source, config, anyPublication, cancellationToken);
        List<Fault> faults = [];
        if (plan.DropsSlot)
        {
            if (await SlotFaultAsync(source, config, cancellationToken) is { } fault)
                faults.Add(fault);
            else
                say(
                    $"The slot '{config.Slot}' is removed: the source no longer keeps write-ahead log for it "
                        + $"({ByteSize.Text(slot!.Retained)})."
                );
        }
        if (plan.DropsPublication)
        {
            if (await PublicationFaultAsync(source, config, cancellationToken) is { } fault)
                faults.Add(fault);
            else
                say($"The publication '{config.Publication}' is removed.");
        }
        foreach (var note in plan.Notes)
            say(note);
        if (faults.Count > 0)
            throw new FaultException(faults);
        say(
            "The change log and the documents stay as they are. A bridge that starts with this configuration again "
                + "needs a new snapshot: 'strangler bridge --resnapshot' (Source:resnapshot=true)."
        );
    }

    private static async Task<Fault?> SlotFaultAsync(
        NpgsqlDataSource source,
        BridgeConfig config,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await SlotState.DropAsync(source, config.Slot, cancellationToken);
            return null;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return new Fault(
                $"slot '{config.Slot}'",
                $"The login '{config.Login}' may not remove it: {exception.MessageText}.",
                $"Run: ALTER ROLE {SqlName.Quote(config.Login)} REPLICATION, or, as a superuser: "
                    + $"SELECT pg_drop_replication_slot('{config.Slot}')"
            );
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ObjectInUse)
        {
            return new Fault($"slot '{config.Slot}'", $"{exception.MessageText}.", "Stop what reads it.");
        }
    }

    private static async Task<Fault?> PublicationFaultAsync(
        NpgsqlDataSource source,
        BridgeConfig config,
        CancellationToken cancellationToken
    )
    {
        var statement = $"DROP PUBLICATION IF EXISTS {SqlName.Quote(config.Publication)}";
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await Publication.TryAsync(connection, statement, logger: null, cancellationToken) is { } reason
            ? new Fault(
                $"publication '{config.Publication}'",
                $"The login '{config.Login}' may not remove it, or it is locked: {reason.MessageText}.",
                $"As its owner, run: {statement}"
            )
            : null;
    }
}
