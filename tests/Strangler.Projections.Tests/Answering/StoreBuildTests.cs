using Microsoft.Extensions.Time.Testing;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Store;
using Strangler.Testing;
using Xunit;
using static Strangler.Projections.Tests.Answering.StoredDocuments;

namespace Strangler.Projections.Tests.Answering;

/// <summary>The report on a build as a whole: its problems, its number of keys, its watermark.</summary>
public sealed class StoreBuildTests(PostgresFixture postgres)
{
    /// <summary>Tables that somebody has to fix come first, and no more than three are named.</summary>
    [Fact]
    public async Task BuildAsync_TablesInDoubt_NamesTheFirstAndCountsThem()
    {
        await using var store = await StoreAsync(
            postgres,
            Built
                + """
                update projections.source_table set in_doubt = true, doubt = 'It was dropped.' where name = 'stock';
                update projections.source_table set in_doubt = true, doubt = 'Not read here.' where name = 'other';
                insert into projections.source_table (source, schema, name, columns, in_doubt, doubt) values
                    ('shop', 'public', 'a', '{id}', true, null),
                    ('shop', 'public', 'b', '{id}', true, null),
                    ('shop', 'public', 'z', '{id}', true, 'It is a view.'),
                    ('shop', 'public', 'fine', '{id}', false, null);
                insert into projections.reads (build, source_table) values (2, 3), (2, 4), (2, 5), (2, 6), (1, 2);
                """
        );

        var build = await Answers(store).BuildAsync("ItemAvailability", TestContext.Current.CancellationToken);

        Assert.Equal(
            [new("public.stock", "It was dropped."), new("public.z", "It is a view."), new("public.a", null)],
            build!.InDoubt
        );
        Assert.Equal(
            (4, "v1", null, null, false),
            (build.InDoubtCount, build.Version, build.Problem, build.Code, build.IsDistrusted)
        );
    }

    [Fact]
    public async Task BuildAsync_StoppedBuild_SaysWhyAndWhatMadeIt()
    {
        await using var store = await StoreAsync(
            postgres,
            Built
                + (
                    "update projections.build set state = 'stopped', problem = 'It has no column.', code = 'c0de', "
                    + "cultures = 'ICU 72' where state = 'live'"
                )
        );

        var build = await Answers(store).BuildAsync("ItemAvailability", TestContext.Current.CancellationToken);

        Assert.Equal(
            ("It has no column.", new ProjectionCode("c0de", "ICU 72"), 0L),
            (build!.Problem, build.Code, build.InDoubtCount)
        );
        Assert.Null(await Answers(store).BuildAsync("Another", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task BuildAsync_EpochOfTheLogThatIsNotTrusted_SaysSo()
    {
        await using var store = await StoreAsync(postgres, Built);
        await StoreMigration.MigrateAsync(store, [EmbeddedLogSchema.Value], TestContext.Current.CancellationToken);
        await using (var command = store.CreateCommand("insert into log.trust values ('shop', 3)"))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var build = await new StoreAnswers(store, new FakeTimeProvider(Now))
        {
            VerificationSql = EmbeddedChangeLog.VerificationSql,
            Patience = TimeSpan.FromMinutes(1),
        }.BuildAsync("ItemAvailability", TestContext.Current.CancellationToken);

        Assert.True(build!.IsDistrusted);
    }

    [Fact]
    public async Task KeysAsync_Projection_CountsTheDocumentsOfTheVersionThatIsServed()
    {
        await using var store = await StoreAsync(postgres, Built);

        Assert.Equal(6, await Answers(store).KeysAsync(Availability, TestContext.Current.CancellationToken));
        Assert.Null(
            await Answers(store).KeysAsync(Availability with { Version = "v2" }, TestContext.Current.CancellationToken)
        );
        Assert.Null(
            await Answers(store).KeysAsync(Availability with { Version = "v0" }, TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task WatermarkAsync_Projection_IsThatOfItsSourceOrNull()
    {
        await using var store = await StoreAsync(postgres, Built);

        Assert.Equal(
            Position.Parse("2:16/B374D848:end"),
            (await Answers(store).WatermarkAsync("ItemAvailability", TestContext.Current.CancellationToken))?.Position
        );
        Assert.Null(await Answers(store).WatermarkAsync("ItemDetails", TestContext.Current.CancellationToken));
        Assert.Equal(
            Position.Parse("2:16/B374D848:end"),
            (await Answers(store).FindAsync(Availability, [], TestContext.Current.CancellationToken))
                .Watermark
                ?.Position
        );
    }
}
