using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;
using Strangler.Foundation.Store;
using Strangler.Projections.Configuration;
using Strangler.Projections.Loading;

namespace Strangler.Projections;

/// <summary>Checks what the projections need without starting or changing anything.</summary>
public static class ProjectionsCheck
{
    /// <summary>All faults: configuration, assemblies and their declarations, the store and its version.</summary>
    public static async Task<IReadOnlyList<Fault>> CheckAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        var faults = new List<Fault>();
        var config = ProjectionsConfig.Read(configuration, faults);
        try
        {
            ProjectionCatalog.Load(configuration);
        }
        catch (FaultException exception)
        {
            faults.AddRange(exception.Faults);
        }
        if (faults.Exists(fault => fault.Path == ProjectionsConfig.StorePath)) return faults;
        try
        {
            await using var store = NpgsqlDataSource.Create(config.ConnectionString);
            if (await StoreMigration.FaultAsync(store, ProjectionsSchema.Value, cancellationToken) is { } fault) faults.Add(fault);
        }
        catch (NpgsqlException exception) when (DatabaseFault.Of(exception, ProjectionsConfig.StorePath, config.ConnectionString) is { } fault)
        {
            faults.Add(fault);
        }
        return faults;
    }
}
