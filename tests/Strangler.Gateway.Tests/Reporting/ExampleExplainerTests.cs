using System.Text;
using System.Text.Json;
using Strangler.ChangeLog;
using Strangler.Comparing.Paths;
using Strangler.Comparing.Rules;
using Strangler.Evidence.Rendering;
using Strangler.Evidence.Reports;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Reporting;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Reporting;

public sealed class ExampleExplainerTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 24, 9, 30, 0, TimeSpan.Zero);

    private static readonly ExampleReport Example = new(
        "01K9ZB3V5MAB",
        At,
        "GET /api/items/7/availability?area=north",
        "7",
        Position.Parse("1:0/30:end"),
        At,
        "projection",
        [
            new("value", "$.lines[0].qty", "$.lines[*].qty", "7", "6"),
            new("missing", "$.note", "$.note", "\"fragile\"", null),
            new("value", "$.never", "$.never", "1", "2"),
        ],
        new(200, [], """{"lines":[{"qty":7}],"note":"fragile","never":1}""", false, 48, false),
        new(200, [], """{"lines":[{"qty":6}],"never":2}""", false, 31, false)
    );

    private static readonly Explained.Known Known = new(
        Doc("""{"lines":[{"qty":6}],"never":2}"""),
        [
            new("public.item", """{"sku":"7"}""", """{"sku":"7","note":null}""", Position.Parse("1:0/10:end")),
            new(
                "public.stock",
                """{"sku":"7","area":"north"}""",
                """{"sku":"7","area":"north","qty":6}""",
                Position.Parse("1:0/20:end")
            ),
        ],
        [
            new(
                "public.other",
                """{"id":9}""",
                null,
                """{"id":9}""",
                Position.Parse("1:0/28:0"),
                At.AddSeconds(-1),
                Doc("""{"lines":[{"qty":6}],"never":2}""")
            ),
            new(
                "public.stock",
                """{"sku":"7","area":"north"}""",
                """{"sku":"7","area":"north","qty":7}""",
                """{"sku":"7","area":"north","qty":6}""",
                Position.Parse("1:0/20:0"),
                At.AddSeconds(-5),
                Doc("""{"lines":[{"qty":7}],"never":2}""")
            ),
            new(
                "public.item",
                """{"sku":"7"}""",
                """{"sku":"7","note":"fragile"}""",
                """{"sku":"7","note":null}""",
                Position.Parse("1:0/10:0"),
                null,
                Doc("""{"lines":[{"qty":5}],"note":"fragile","never":2}""")
            ),
            new(
                "public.gone",
                """{"id":1}""",
                """{"id":1}""",
                null,
                Position.Parse("1:0/8:0"),
                null,
                new Made.Threw("null")
            ),
        ]
    );

    [Fact]
    public async Task ExplainAsync_Known_NamesTheNewestChangeThatTouchedEachField()
    {
        var report = await ExplainAsync(Known);

        Assert.Null(report.Problem);
        Assert.Equal(
            [
                ("$.lines[0].qty", "public.stock", "7"),
                ("$.note", "public.item", "\"fragile\""),
                ("$.never", null, null),
            ],
            report.Fields.Select(field => (field.Path, field.Touched?.Table, field.Without))
        );
        Assert.Equal(
            ("""{"lines":[{"qty":6}],"never":2}""", 4, 2),
            (report.Document, report.Changes, report.Rows.Count)
        );
        Golden.Equal("explain.txt", ExplainText.Write(report));
        Assert.All(ExplainText.Write(report).Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    /// <summary>
    /// A snapshot is one commit: of its rows the one that is most specific to the field counts, regardless of its place
    /// in the snapshot. A newer commit takes precedence over all of them.
    /// </summary>
    [Fact]
    public async Task ExplainAsync_ChangesOfOneCommit_NamesTheOneThatChangesLeast()
    {
        ExplainedChange[] snapshot =
        [
            new(
                "public.site",
                """{"code":"de"}""",
                null,
                """{"code":"de"}""",
                Position.Parse("1:0/20:9"),
                null,
                Made.Absent.Value
            ),
            new(
                "public.shelf",
                """{"id":1}""",
                null,
                """{"id":1}""",
                Position.Parse("1:0/20:8"),
                null,
                Doc("""{"lines":[],"never":3}""")
            ),
            new(
                "public.stock",
                """{"sku":"7"}""",
                null,
                """{"sku":"7","qty":6}""",
                Position.Parse("1:0/20:1"),
                null,
                Doc("""{"lines":[{"qty":0}],"never":2}""")
            ),
        ];

        var ofOne = await ExplainAsync(Known with { Changes = snapshot });
        var afterIt = await ExplainAsync(
            Known with
            {
                Changes =
                [
                    new(
                        "public.item",
                        """{"sku":"7"}""",
                        null,
                        """{"sku":"7"}""",
                        Position.Parse("1:0/28:0"),
                        null,
                        Made.Absent.Value
                    ),
                    .. snapshot,
                ],
            }
        );

        Assert.Equal("public.stock", ofOne.Fields[0].Touched?.Table);
        Assert.Equal("public.item", afterIt.Fields[0].Touched?.Table);
    }

    [Fact]
    public async Task ExplainAsync_Asks_WithTheExamplesMomentAndTheRequestAsItWas()
    {
        ExplainQuestion? asked = null;
        AnswerRequest? responded = null;
        var responder = new FakeResponder
        {
            Instead = request =>
            {
                responded = request;
                return Answer.Json(200, """{"lines":[]}"""u8.ToArray());
            },
        };

        await ExplainAsync(Known, responder, question => asked = question);

        Assert.Equal(
            ("7", Position.Parse("1:0/30:end"), At, "ItemAvailability"),
            (asked!.Key, asked.Position, asked.Clock, asked.Projection.Name)
        );
        Assert.Equal(("GET", "7", "north"), (responded!.Method, responded.RouteValues["sku"], responded.Query["area"]));
    }

    [Fact]
    public async Task ExplainAsync_RouteOfManyKeys_FindsTheFieldInTheAnswerToItsKeyAlone()
    {
        var example = Example with
        {
            Request = "POST /api/availability",
            Differences = [new("value", "$[3].qty", "$[*].qty", "7", "6")],
        };
        var known = new Explained.Known(
            Doc("""{"qty":6}"""),
            [],
            [new("public.stock", "{}", "{}", "{}", Position.Parse("1:0/20:0"), null, Doc("""{"qty":7}"""))]
        );

        var report = await ExplainAsync(known, route: "availabilities", example: example);

        Assert.Equal(
            ("public.stock", "7"),
            report.Fields.Select(field => (field.Touched!.Table, field.Without)).Single()
        );
    }

    /// <summary>
    /// Only the key of a body is kept: if Respond makes something else without the rest of it, nothing is claimed about
    /// what was compared.
    /// </summary>
    [Fact]
    public async Task ExplainAsync_AnswerThatIsNotTheOneThatWasCompared_SaysSoAndWhatWasNotKept()
    {
        var example = Example with
        {
            Request = "POST /api/availability",
            Differences = [new("value", "$[3].qty", "$[*].qty", "7", "6.0")],
        };
        var alike = new Explained.Known(Doc("""{"qty":6}"""), [], []);
        var unlike = new Explained.Known(Doc("""{"qty":5}"""), [], []);

        Assert.Null((await ExplainAsync(alike, route: "availabilities", example: example)).Problem);
        var report = await ExplainAsync(unlike, route: "availabilities", example: example);
        var engine = await ExplainAsync(unlike, route: "availabilities", example: example with { Cause = "engine" });

        Assert.Contains(
            "not the one that was compared: they differ at '$[3].qty'",
            report.Problem,
            StringComparison.Ordinal
        );
        Assert.Contains("and not 'area'", report.Problem, StringComparison.Ordinal);
        Assert.Contains("The stored document was not what", engine.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExplainAsync_ExampleOfSeveralKeysTogether_SaysHowEachWouldHaveItsOwn()
    {
        var report = await ExplainAsync(Known, route: "availabilities", example: Example with { Key = null });
        var frame = await ExplainAsync(
            Known,
            route: "availabilities",
            example: Example with
            {
                Key = null,
            },
            rules: new ComparisonRules
            {
                Parts = new PartsRule(PathPattern.Parse("$.items[*]"), PathPattern.Parse("$.sku")),
            }
        );

        Assert.Contains("'Compare:Parts'", report.Problem, StringComparison.Ordinal);
        Assert.Contains("frame", frame.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExplainAsync_RouteThatMasks_ShowsNeitherValuesNorRows()
    {
        var report = await ExplainAsync(
            Known,
            rules: ComparisonRules.Exact with
            {
                Mask = [PathPattern.Parse("$.note")],
            }
        );

        var text = JsonSerializer.Serialize(
            report with
            {
                Example = Example with { Differences = [], Legacy = null },
                Fields = [.. report.Fields.Select(field => field with { Legacy = null })],
            }
        );
        Assert.Equal("public.item", report.Fields.Single(field => field.Path == "$.note").Touched!.Table);
        Assert.DoesNotContain("fragile", text, StringComparison.Ordinal);
        Assert.Contains("\"***\"", text, StringComparison.Ordinal);
    }

    /// <summary>No row is to blame for what the request's form explains.</summary>
    [Fact]
    public async Task ExplainAsync_FormOfTheRequestExplainsIt_SaysSoAndNamesNoRow()
    {
        var form = "Without the request header 'x-tenant', which the route doesn't declare, legacy answers alike.";

        var report = await ExplainAsync(Known, example: Example with { Cause = "request", Form = form });

        Assert.StartsWith(
            $"{form} The route doesn't say so, and no row explains it.",
            report.Problem,
            StringComparison.Ordinal
        );
        Assert.Empty(report.Fields);
        Assert.Empty(report.Rows);
    }

    [Fact]
    public async Task ExplainAsync_NothingToSay_SaysWhy()
    {
        Assert.Contains(
            "too old",
            (await ExplainAsync(new Explained.Refused("The position is too old.", "Keep more history."))).Problem,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no single key",
            (await ExplainAsync(Known, example: Example with { Key = null })).Problem,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no longer takes the request",
            (await ExplainAsync(Known, example: Example with { Request = "GET /elsewhere" })).Problem,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Respond fails",
            (
                await ExplainAsync(Known, new FakeResponder { Instead = _ => throw new InvalidOperationException() })
            ).Problem,
            StringComparison.Ordinal
        );
        var threw = await ExplainAsync(new Explained.Known(new Made.Threw("divided by zero"), [], []));
        Assert.Equal(("divided by zero", null), (threw.DocumentError, threw.Answer));
        Assert.Contains("divided by zero", ExplainText.Write(threw), StringComparison.Ordinal);
    }

    private static Made.Document Doc(string json) => new(Encoding.UTF8.GetBytes(json));

    private static async Task<ExplainReport> ExplainAsync(
        Explained explained,
        FakeResponder? responder = null,
        Action<ExplainQuestion>? asked = null,
        string route = "availability",
        ExampleReport? example = null,
        ComparisonRules? rules = null
    )
    {
        responder ??= new FakeResponder();
        var (model, faults) = GatewayConfigReader.Read(
            GatewaySetup.Configured(
                "Host=127.0.0.1;Database=none",
                "http://127.0.0.1:9/",
                "legacy",
                ($"ReverseProxy:Routes:{route}:Strangler:RespondLimit", "00:01:00")
            ),
            [responder]
        );
        Assert.Empty(faults);
        using var workers = new RespondWorkers(1, TimeProvider.System);
        var found = model!.Routes.Single(one => one.RouteId == route);
        return await new ExampleExplainer(workers).ExplainAsync(
            example ?? Example,
            rules is null ? found : found with { Compare = rules },
            new FakeMoments(explained, asked),
            TestContext.Current.CancellationToken
        );
    }

    private sealed class FakeMoments(Explained explained, Action<ExplainQuestion>? asked) : IMoments
    {
        public ValueTask<BracketFound> EvaluateAsync(BracketQuestion question, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<Explained> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken)
        {
            asked?.Invoke(question);
            return ValueTask.FromResult(explained);
        }
    }
}
