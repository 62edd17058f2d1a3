using Strangler.ChangeLog;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Evidence.Gates;
using Strangler.Evidence.Reports;
using Strangler.Evidence.Storing;
using Strangler.Gateway.Shadowing;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Evidence;

/// <summary>
/// What matched is remembered, so that a dependency that nobody declared can be told from a wrong function.
/// </summary>
public sealed class UndeclaredTests(PostgresFixture postgres)
{
    private const string Inputs = "GET area=1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LastMatchAsync_SameRequestUnitAndRows_IsWhenItMatched()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        var matched = Sampling.Part("7", Sampling.Quiet);
        await AddAsync(database, Comparison(matched));

        Assert.Equal(Sampling.At, await LastAsync(database, Inputs, Sampling.Part("7", Sampling.Wrong("$.qty"))));
        Assert.Null(await LastAsync(database, "GET area=2", matched));
        Assert.Null(await LastAsync(database, Inputs, Sampling.Part("8", Sampling.Quiet)));
        Assert.Null(await LastAsync(database, Inputs, Sampling.Part("7", Sampling.Quiet, "1:0/11:0")));
        Assert.Null(
            await new MatchHistory(database.Data).LastMatchAsync(
                Sampling.Scope with
                {
                    Version = "v2",
                },
                AnswerIdentity.Of(Inputs, matched)!.Value,
                Cancellation
            )
        );
    }

    /// <summary>In a busy bracket, what matched may have been the rows before the last change.</summary>
    [Fact]
    public async Task LastMatchAsync_MatchWasNotQuiet_IsNotRemembered()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        var matched = Sampling.Part("7", new Verdict.Match(false, 1));

        await AddAsync(database, Comparison(matched));

        Assert.Null(await LastAsync(database, Inputs, matched));
    }

    [Fact]
    public async Task LastMatchAsync_StoreIsAway_IsUnknown()
    {
        await using var nowhere = Npgsql.NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=1");

        Assert.Null(
            await new MatchHistory(nowhere).LastMatchAsync(Sampling.Scope, new AnswerIdentity(1), Cancellation)
        );
    }

    /// <summary>The rows of several keys are the same only if each key's are, not only the newest.</summary>
    [Fact]
    public void Of_SeveralKeysTogether_DependsOnTheVersionOfEach()
    {
        var (older, newer, newest) = (
            Position.Parse("1:0/10:0"),
            Position.Parse("1:0/20:0"),
            Position.Parse("1:0/30:0")
        );
        PartVerdict Together(Position one, Position two) =>
            new(null, newest, Sampling.Quiet, [], []) { Together = [("1", one), ("2", two)] };

        Assert.Equal(
            AnswerIdentity.Of(Inputs, Together(older, newest)),
            AnswerIdentity.Of(Inputs, Together(older, newest))
        );
        Assert.NotEqual(
            AnswerIdentity.Of(Inputs, Together(older, newest)),
            AnswerIdentity.Of(Inputs, Together(newer, newest))
        );
        Assert.Null(AnswerIdentity.Of(Inputs, new(null, newest, Sampling.Quiet, [], [])));
        Assert.Null(AnswerIdentity.Of(null, Together(older, newest)));
    }

    [Fact]
    public async Task OfAsync_OnlyWrongPartsOfTheFunctionThatMatchedBefore_AreUndeclared()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        await AddAsync(database, Comparison(Sampling.Part("7", Sampling.Quiet)));
        var wrong = (Verdict.Wrong)Sampling.Wrong("$.qty");
        PartVerdict[] parts =
        [
            Sampling.Part("7", wrong),
            Sampling.Part("8", wrong),
            Sampling.Part("7", wrong with { Cause = WrongCause.Engine }),
            Sampling.Part("7", Sampling.Quiet),
        ];

        var found = await new UndeclaredDiagnosis(new MatchHistory(database.Data)).OfAsync(
            Sampling.Scope,
            Inputs,
            parts,
            Cancellation
        );

        Assert.Equal(
            [
                wrong with
                {
                    Cause = WrongCause.UndeclaredDependency,
                    MatchedAt = Sampling.At,
                },
                .. parts[1..].Select(part => part.Verdict),
            ],
            found.Select(part => part.Verdict)
        );
    }

    [Fact]
    public async Task Report_SeveralFindings_NamesTheFirstAndCountsAll()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        await AddAsync(database, Undeclared("8", 5));
        await AddAsync(database, Undeclared("7", 3), Undeclared("9", 9));
        await AddAsync(database, Undeclared("6", 4));

        var report = ReportBuilder.Of(
            "availability",
            "/",
            new RouteMoment(Stage.Lookup, null, null),
            await database.ReadAsync(),
            GateRules.Default,
            EvidenceLimits.Default,
            null,
            Sampling.At
        );

        Assert.Equal(
            new UndeclaredReport(4, "7", "GET /api/items/7/availability", Sampling.At, Sampling.At.AddMinutes(3)),
            report.Undeclared
        );
        Assert.Contains(report.Verdicts.WrongBy, reason => reason is { Reason: "undeclared-dependency", Count: 4 });
        Assert.All(report.Examples, example => Assert.Equal(Sampling.At, example.MatchedAt));
    }

    [Fact]
    public async Task WriteAsync_MoreAnswersThanTheLimit_AreNotRememberedUntilOldOnesArePruned()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        var limits = EvidenceLimits.Default with { Versions = 2 };
        var (first, second, third) = (
            Sampling.Part("1", Sampling.Quiet),
            Sampling.Part("2", Sampling.Quiet),
            Sampling.Part("3", Sampling.Quiet)
        );
        await AddAsync(database, limits, Comparison(first));
        await AddAsync(database, limits, Comparison(second, 60));
        await AddAsync(database, limits, Comparison(third, 60));
        Assert.Equal(2, await CountAsync(database));

        await database.Store(limits).PruneAsync(Sampling.At.AddMinutes(30) + limits.Retention, Cancellation);
        await AddAsync(database, limits, Comparison(third, 90));

        Assert.Equal(2, await CountAsync(database));
        Assert.Null(await LastAsync(database, Inputs, first));
        Assert.NotNull(await LastAsync(database, Inputs, third));
    }

    private static Task<long> CountAsync(EvidenceDatabase database) =>
        database.ExecuteAsync(
            "select answers from gateway.evidence_scope "
                + "where answers = (select count(*) from gateway.evidence_answer)"
        );

    private static Comparison Comparison(PartVerdict part, int minutes = 0) =>
        Sampling.Of(part, Sampling.At.AddMinutes(minutes)) with
        {
            Inputs = Inputs,
        };

    private static Comparison Undeclared(string key, int minutes) =>
        Comparison(
            Sampling.Part(
                key,
                ((Verdict.Wrong)Sampling.Wrong("$.qty")) with
                {
                    Cause = WrongCause.UndeclaredDependency,
                    MatchedAt = Sampling.At,
                }
            ),
            minutes
        );

    private static Task AddAsync(EvidenceDatabase database, params Comparison[] comparisons) =>
        AddAsync(database, EvidenceLimits.Default, comparisons);

    private static Task AddAsync(EvidenceDatabase database, EvidenceLimits limits, params Comparison[] comparisons)
    {
        var batch = new EvidenceBatch(limits);
        foreach (var (index, comparison) in comparisons.Index())
            batch.Add(
                comparison,
                [
                    .. comparison
                        .Parts.Where(part => part.Verdict is Verdict.Wrong)
                        .Select(part =>
                            ExampleBuilder.Of(
                                comparison,
                                part,
                                (Verdict.Wrong)part.Verdict,
                                Draw(comparison, index),
                                100
                            )
                        ),
                ]
            );
        return database.Store(limits).WriteAsync(batch, Cancellation);
    }

    private static ulong Draw(Comparison comparison, int index) => (ulong)comparison.At.Ticks + (ulong)index;

    private static async Task<DateTimeOffset?> LastAsync(EvidenceDatabase database, string inputs, PartVerdict part) =>
        await new MatchHistory(database.Data).LastMatchAsync(
            Sampling.Scope,
            AnswerIdentity.Of(inputs, part)!.Value,
            Cancellation
        );
}
