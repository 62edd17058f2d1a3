using Dapper;
using Npgsql;

namespace Strangler.Evidence.Storing;

/// <summary>
/// When answers last matched, from the store. What was compared within the last second may not be in it yet. A store
/// that doesn't answer leaves it unknown.
/// </summary>
internal sealed class MatchHistory(NpgsqlDataSource data) : IMatchHistory
{
    private const string Read = """
        select a.matched_at
        from gateway.evidence_scope s
        join gateway.evidence_answer a on a.scope = s.id
        where s.route = @Route and s.projection = @Projection and s.version = @Version and s.rules = @Rules
            and s.closed_at is null and a.hash = @Hash
        """;

    public async ValueTask<DateTimeOffset?> LastMatchAsync(
        EvidenceScope scope,
        AnswerIdentity answer,
        CancellationToken cancellationToken
    )
    {
        var values = new
        {
            scope.Route,
            scope.Projection,
            scope.Version,
            scope.Rules,
            answer.Hash,
        };
        try
        {
            await using var connection = await data.OpenConnectionAsync(cancellationToken);
            var at = await connection.QuerySingleOrDefaultAsync<DateTime?>(
                new CommandDefinition(Read, values, cancellationToken: cancellationToken)
            );
            return at is { } known ? Timestamps.Utc(known) : null;
        }
        catch (NpgsqlException)
        {
            return null; // the evidence writer says that the store doesn't answer
        }
    }
}
