using System.Text;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Strangler.Foundation.Store;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Answering;

/// <summary>A store with documents of every kind, and its readers.</summary>
internal static class StoredDocuments
{
    public static readonly ProjectionId Availability = new("ItemAvailability", "v1");
    public static readonly DateTimeOffset Now = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    public const string Built = """
        insert into projections.checkpoint (source, epoch, commit, ordinal, at, fence)
        values ('shop', 2, '16/B374D848', 2147483647, '2026-11-24T07:59:59Z', 1);
        insert into projections.build (source, projection, version, state, made_at) values
            ('shop', 'ItemAvailability', 'v0', 'old', now()),
            ('shop', 'ItemAvailability', 'v1', 'live', now());
        insert into projections.document
            (build, key, bytes, hash, touched_epoch, touched_commit, computed_for, recompute_at)
        values
            (1, 'gone', 'old', '', 1, '0/1', '2026-11-24T07:59:00Z', null),
            (2, 'a', '{"a": 1}', '', 2, '16/B374D800', '2026-11-24T07:59:00Z', '2026-11-24T08:00:01Z'),
            (2, 'b', null, '', 2, '16/B374D800', '2026-11-24T07:59:00Z', null),
            (2, 'due', '{}', '', 2, '16/B374D800', '2026-11-24T07:59:00Z', '2026-11-24T08:00:00Z'),
            (2, 'absent-due', null, '', 2, '16/B374D800', '2026-11-24T07:59:00Z', '2026-11-24T07:00:00Z'),
            (2, 'dirty', '{}', '', 2, '16/B374D800', '2026-11-24T07:59:00Z', null),
            (2, 'bad', '{}', '', 2, '16/B374D800', '2026-11-24T07:59:00Z', null),
            (2, 'just', '{}', '', 2, '16/B374D800', '2026-11-24T08:00:05Z', null),
            (2, 'ahead', '{}', '', 2, '16/B374D800', '2026-11-24T08:00:05.000001Z', null),
            (2, 'absent-ahead', null, '', 2, '16/B374D800', '2026-11-24T08:01:00Z', null),
            (2, 'asks', null, '', 2, '16/B374D800', '2026-11-24T07:59:00Z', null);
        update projections.document set ask_legacy = 'unsure' where key = 'asks';
        insert into projections.dirty (build, key, touched_epoch, touched_commit) values
            (2, 'dirty', 2, '16/B374D848'),
            (2, 'new', 2, '16/B374D848'),
            (1, 'a', 1, '0/1');
        insert into projections.quarantine (build, key, epoch, commit, at, error, rows, overrun) values
            (2, 'bad', 2, '16/B374D848', now(), 'threw', '{}', false),
            (1, 'a', 1, '0/1', now(), 'threw', '{}', false);
        insert into projections.source_table (source, schema, name, columns) values
            ('shop', 'public', 'stock', '{sku}'),
            ('shop', 'public', 'other', '{id}');
        insert into projections.reads (build, source_table) values (2, 1);
        """;

    public static async Task<NpgsqlDataSource> StoreAsync(PostgresFixture postgres, string sql, string options = "")
    {
        var store = NpgsqlDataSource.Create($"{await postgres.CreateDatabaseAsync()};{options}");
        await StoreMigration.MigrateAsync(store, [ProjectionsSchema.Value], TestContext.Current.CancellationToken);
        await using var command = store.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return store;
    }

    public static StoreAnswers Answers(NpgsqlDataSource store) =>
        new(store, new FakeTimeProvider(Now)) { Patience = TimeSpan.FromMinutes(1) };

    public static string Text(Found found) =>
        found switch
        {
            Found.Document document => $"{Encoding.UTF8.GetString(document.Bytes.Span)} {document.Touched} "
                + $"{document.RecomputeAt?.UtcDateTime:HH:mm:ss}",
            Found.Absent => "absent",
            Found.Miss { LegacyReason: { } reason } miss => $"{miss.Reason} {reason}",
            Found.Miss miss => miss.Reason.ToString(),
            _ => "?",
        };
}
