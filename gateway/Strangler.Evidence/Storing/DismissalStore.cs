using Dapper;
using Npgsql;
using Strangler.Evidence.Reports;

namespace Strangler.Evidence.Storing;

/// <summary>The dismissed faults in the store. Rows are only added, one for each fault of a route.</summary>
internal sealed class DismissalStore(NpgsqlDataSource data)
{
    /// <summary>The newest of a route. What exceeds the limit is held against the gate again.</summary>
    public const string Read = """
        select example, fault, cause, paths, reason, who, at
        from gateway.dismissal
        where route = @Route
        order by at desc, fault collate "C"
        limit 1000
        """;

    private const string ReadOne = """
        select example, fault, cause, paths, reason, who, at
        from gateway.dismissal
        where route = @route and fault = @fault
        """;

    private const string Insert = """
        insert into gateway.dismissal (route, fault, example, cause, paths, reason, who)
        values (@route, @fault, @example, @cause, @paths, @reason, @who)
        on conflict (route, fault) do nothing
        """;

    private const string ReadFaults = """
        select fault
        from gateway.dismissal
        where route = @route
        order by at desc, fault collate "C"
        limit 1000
        """;

    /// <summary>The faults of a route that are dismissed.</summary>
    public async Task<IReadOnlySet<string>> FaultsAsync(string route, CancellationToken cancellationToken)
    {
        await using var connection = await data.OpenConnectionAsync(cancellationToken);
        return (
            await connection.QueryAsync<string>(
                new CommandDefinition(ReadFaults, new { route }, cancellationToken: cancellationToken)
            )
        ).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Dismisses the fault of an example.</summary>
    /// <returns>The dismissal, and whether it is new: otherwise the one that exists stays as it is.</returns>
    public async Task<(DismissalReport Dismissal, bool IsNew)> AddAsync(
        string route,
        ExampleReport example,
        string reason,
        string who,
        CancellationToken cancellationToken
    )
    {
        var fault = FaultSignature.Of(example);
        await using var connection = await data.OpenConnectionAsync(cancellationToken);
        var values = new
        {
            route,
            fault,
            example = example.Id,
            cause = example.Cause,
            paths = FaultSignature.Paths(example).ToArray(),
            reason,
            who,
        };
        var added = await connection.ExecuteAsync(
            new CommandDefinition(Insert, values, cancellationToken: cancellationToken)
        );
        var row = await connection.QuerySingleAsync<Columns>(
            new CommandDefinition(ReadOne, new { route, fault }, cancellationToken: cancellationToken)
        );
        return (Of(row), added == 1);
    }

    public static DismissalReport Of(Columns row) =>
        new(row.Example, row.Fault, row.Cause, (string[])row.Paths, row.Reason, row.Who, Timestamps.Utc(row.At));

    internal sealed record Columns(
        string Example,
        string Fault,
        string Cause,
        Array Paths,
        string Reason,
        string Who,
        DateTime At
    );
}
