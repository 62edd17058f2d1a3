using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;
using Strangler.Foundation.Store;
using Strangler.Projections.Configuration;
using Strangler.Projections.Declaring;
using Strangler.Projections.Loading;

namespace Strangler.Projections;

/// <summary>Checks what the projections need without starting or changing anything.</summary>
public static class ProjectionsCheck
{
    /// <summary>All faults of the configuration itself: nothing is contacted, and no assembly is loaded.</summary>
    public static IReadOnlyList<Fault> Check(IConfiguration configuration)
    {
        var faults = new List<Fault>();
        ProjectionsConfig.Read(configuration, faults);
        return faults;
    }

    /// <summary>All faults: configuration, assemblies and their declarations, the store and its version.</summary>
    public static Task<IReadOnlyList<Fault>> CheckAsync(
        IConfiguration configuration,
        CancellationToken cancellationToken
    ) => CheckAsync(configuration, null, cancellationToken);

    /// <summary>
    /// The same faults, and those of declared tables that aren't in the source, aren't captured, or don't fit their row
    /// types.
    /// </summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="source">The source's relations; null if unknown, and they aren't checked.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public static async Task<IReadOnlyList<Fault>> CheckAsync(
        IConfiguration configuration,
        IReadOnlyList<SourceTable>? source,
        CancellationToken cancellationToken
    )
    {
        var faults = new List<Fault>();
        ProjectionsConfig.Read(configuration, faults);
        try
        {
            var models = ProjectionCatalog.Load(configuration);
            if (source is not null)
                faults.AddRange(SourceFit.Faults(models, source));
        }
        catch (FaultException exception)
        {
            faults.AddRange(exception.Faults);
        }
        // like 'strangler migrate', as the owner of the tables
        if (StoreSection.Find(configuration) is not { } owner)
            return faults;
        try
        {
            await using var store = NpgsqlDataSource.Create(owner);
            if (await StoreMigration.FaultAsync(store, ProjectionsSchema.Value, cancellationToken) is { } fault)
                faults.Add(fault);
        }
        catch (NpgsqlException exception) when (DatabaseFault.Of(exception, StoreSection.Path, owner) is { } fault)
        {
            faults.Add(fault);
        }
        return faults;
    }
}
