using System.Reflection;
using Npgsql;
using Shop.Projections;
using Shop.Projections.Rules;
using Strangler.Projections;
using Strangler.Testing.Oracle;

namespace Strangler.Legacy.Tests.Faults;

/// <summary>A planted fault's result for a key.</summary>
internal abstract class Planted
{
    public static async Task<Planted> ReadAsync(
        Type fault,
        NpgsqlDataSource database,
        IReadOnlyDictionary<Sku, Rows> rows,
        CancellationToken cancellationToken
    )
    {
        var planted = (Planted)Activator.CreateInstance(typeof(Planted<>).MakeGenericType(fault))!;
        // Most faults declare what the real projection does, and gathering takes most of the time.
        await planted.TakeAsync(
            database,
            fault.GetMethod("Declare", BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly) is null
                ? rows
                : null,
            cancellationToken
        );
        return planted;
    }

    public abstract AvailabilityDocument? Document(Sku key, DateTimeOffset now);

    protected abstract Task TakeAsync(
        NpgsqlDataSource database,
        IReadOnlyDictionary<Sku, Rows>? rows,
        CancellationToken cancellationToken
    );
}

internal sealed class Planted<TFault> : Planted
    where TFault : IProjection<Sku, AvailabilityDocument>
{
    private Func<Sku, Rows> _rows = _ => throw new InvalidOperationException("Nothing has been read.");

    public override AvailabilityDocument? Document(Sku key, DateTimeOffset now) =>
        TFault.Project(key, _rows(key), now).Document;

    protected override async Task TakeAsync(
        NpgsqlDataSource database,
        IReadOnlyDictionary<Sku, Rows>? rows,
        CancellationToken cancellationToken
    )
    {
        if (rows is not null)
        {
            _rows = key => rows[key];
            return;
        }
        var own = await Ported<TFault, Sku, AvailabilityDocument>.ReadAsync(database, cancellationToken);
        _rows = key => new Rows(own.Gather(key));
    }
}
