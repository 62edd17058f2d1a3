using Strangler.ChangeLog;
using Strangler.Evidence.Reports;

namespace Strangler.Browser.Tests;

/// <summary>A report with some of everything: a route that is ready, one with faults, one without evidence.</summary>
internal static class SampleReport
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static ReportFile Value { get; } = new(ReportFile.CurrentFormat, Noon, 3, [Faulty(), Ready(), Empty()]);

    private static EvidenceReport Faulty() =>
        Ready() with
        {
            Route = "availability",
            Path = "/api/items/{sku}/availability",
            Requests = new(
                12_470,
                12_100,
                300,
                [
                    new("per-second", 280, "More requests a second than the route compares."),
                    new("queue-full", 20, "More comparisons at once than the gateway does."),
                ],
                60,
                41,
                [new("undeclared-query", 41, "The request has a query parameter that the route does not declare.")]
            ),
            Verdicts = new(
                12_100,
                9_012,
                1_877,
                811,
                120,
                30,
                250,
                0.033,
                [new("projection", 811, "The projection makes it so of these rows.")],
                [new("mix", 120, "Legacy had read at several moments.")],
                [new("failed", 30, "Legacy answered 5xx.")],
                [
                    new("never-at-rest", 200, "The key changed during each question."),
                    new("noise", 50, "Two answers of legacy differ."),
                ]
            ),
            Keys = new(
                4_100,
                4_020,
                3_800,
                10_000,
                5_900,
                false,
                1_000_000,
                new(
                    5,
                    2,
                    41,
                    0.0033,
                    [new("SKU-000017", 30, 12, "wrong: projection"), new("SKU-<b>9</b>", 11, 6, "undetermined: noise")]
                )
            )
            {
                Existing = 3_650,
                Absent = 150,
            },
            Bound = new(
                0.0831,
                0.95,
                811,
                10_950,
                "one-sided beta-binomial mixture",
                "Robbins 1970; Howard, Ramdas, McAuliffe, Sekhon 2021."
            ),
            Versions = new(10_950, 10_139, 811, false, 1_000_000) { Existing = 9_989 },
            Access = new(false, 14_200, 3_120, [new("cookie", 3_050), new("authorization", 70)], [new("403", 17)]),
            Headers = new(
                12_000,
                [
                    new("access-control-allow-origin", "missing", 12_000, 1, Noon.AddHours(-2), Noon),
                    new("set-cookie", "missing", 3, 0.0003, Noon.AddHours(-1), Noon.AddHours(-1)),
                    new("etag", "value", 11_990, 0.999, Noon.AddHours(-2), Noon),
                    new("x-made-by", "extra", 12_000, 1, Noon.AddHours(-2), Noon),
                ]
            ),
            Differences =
            [
                new(
                    "$.warehouses[*].quantity",
                    "value",
                    790,
                    Noon.AddHours(-2),
                    Noon.AddMinutes(-1),
                    ["7F3K2M", "7F3K2N"]
                ),
                new("$.offers[*]", "missing", 21, Noon.AddHours(-1), Noon.AddMinutes(-9), ["7F3K2N"]),
            ],
            Ignored = [new("$.generatedAt", "$.generatedAt", 12_100, Noon.AddHours(-2), Noon)],
            Noise = [new("$.offers[*].rank", 50, Noon.AddHours(-2), Noon)],
            Misses = [new("dirty", 14, "The key is known to be stale.")],
            Gate = new(
                false,
                [
                    new(
                        "wrong",
                        false,
                        "811 parts were proven wrong.",
                        "Fix the projection; evidence then starts over."
                    ),
                    new("min-matches", true, "10,889 distinct matches.", ""),
                ]
            ),
            Examples =
            [
                Example(
                    "7F3K2M",
                    "SKU-000017",
                    """{"sku":"SKU-000017","area":"north","status":"IN_STOCK","quantity":13,"warehouses":[{"id":1"""
                        + ""","quantity":12,"leadDays":2},{"id":4,"quantity":1,"leadDays":4}],"stores":[{"id":1"""
                        + ""","floor":2},{"id":2,"floor":0},{"id":3,"floor":1}],"offers":[]}""",
                    """{"sku":"SKU-000017","area":"north","status":"IN_STOCK","quantity":13,"warehouses":[{"id":1"""
                        + ""","quantity":14,"leadDays":2},{"id":4,"quantity":1,"leadDays":4}],"stores":[{"id":1"""
                        + ""","floor":2},{"id":2,"floor":0},{"id":3,"floor":1}],"offers":[]}""",
                    new DifferenceReport("value", "$.warehouses[0].quantity", "$.warehouses[*].quantity", "12", "14")
                ),
                Example(
                    "7F3K2N",
                    "<script>alert(1)</script>",
                    """{"warehouses":[{"quantity":3}],"offers":[{"merchant":"<img src=x onerror=alert(1)>"}]}""",
                    """{"warehouses":[{"quantity":4}],"offers":[]}""",
                    new DifferenceReport("value", "$.warehouses[0].quantity", "$.warehouses[*].quantity", "3", "4"),
                    new DifferenceReport(
                        "missing",
                        "$.offers[0]",
                        "$.offers[*]",
                        """{"merchant":"<img src=x onerror=alert(1)>"}""",
                        null
                    )
                ),
            ],
        };

    private static EvidenceReport Ready() =>
        new(
            "availabilities",
            "/api/availability",
            "shadow",
            Noon.AddHours(-3),
            new("ItemAvailability", "3f9a1c77d0e2", "a91b20", Noon.AddHours(-2), Noon),
            [new("ItemAvailability", "11aa22bb33cc", "a91b20", Noon.AddDays(-2), Noon.AddDays(-1))],
            new(800, 800, 0, [], 0, 0, []),
            new(
                16_800,
                14_000,
                2_700,
                0,
                60,
                0,
                40,
                0.006,
                [],
                [new("mix", 60, "Legacy had read at several moments.")],
                [],
                [new("watermark-late", 40, "The documents did not pass the bracket in time.")]
            ),
            new(9_000, 9_000, 9_000, 10_000, 1_000, false, 1_000_000, new(5, 0, 0, 0, [])) { Existing = 9_000 },
            new(16_000, 16_000, 0, false, 1_000_000) { Existing = 16_000 },
            new(
                0.00042,
                0.95,
                0,
                16_000,
                "one-sided beta-binomial mixture",
                "Robbins 1970; Howard, Ramdas, McAuliffe, Sekhon 2021."
            ),
            [],
            [],
            [],
            [],
            new(new(800, 131, 190, 410, 900), new(800, 4.5, 7.1, 12, 30), new(16_800, 110, 240, 900, 2_300)),
            [
                .. Enumerable
                    .Range(0, 90)
                    .Select(minute => new VerdictSpan(
                        Noon.AddMinutes(minute - 90),
                        60,
                        130 + minute % 17 * 4,
                        minute is > 40 and < 60 ? 12 : 0,
                        minute % 3,
                        minute % 11 == 0 ? 4 : 0,
                        minute % 5
                    )),
            ],
            new(true, [new("wrong", true, "No part was wrong.", "")]),
            []
        );

    private static EvidenceReport Empty() =>
        Ready() with
        {
            Route = "item",
            Path = "/api/items/{sku}",
            Stage = "legacy",
            Scope = new("ItemDetails", "3f9a1c77d0e2", "a91b20", null, null),
            EarlierScopes = [],
            Requests = new(0, 0, 0, [], 0, 0, []),
            Verdicts = new(0, 0, 0, 0, 0, 0, 0, 0, [], [], [], []),
            Keys = new(0, 0, 0, null, null, false, 1_000_000, new(5, 0, 0, 0, [])),
            Bound = new(
                1,
                0.95,
                0,
                0,
                "one-sided beta-binomial mixture",
                "Robbins 1970; Howard, Ramdas, McAuliffe, Sekhon 2021."
            ),
            Latency = new(
                new(0, null, null, null, null),
                new(0, null, null, null, null),
                new(0, null, null, null, null)
            ),
            OverTime = [],
            Gate = new(false, [new("evidence", false, "Nothing has been compared.", "Take the route to 'shadow'.")]),
        };

    private static ExampleReport Example(
        string id,
        string key,
        string legacy,
        string lookup,
        params DifferenceReport[] differences
    ) =>
        new(
            id,
            Noon.AddMinutes(-1),
            $"GET /api/items/{key}/availability?area=north",
            key,
            Position.Parse("1:0/1A2B3C8:end"),
            Noon.AddMinutes(-1),
            "projection",
            differences,
            new(200, [new("Content-Type", "application/json")], legacy, false, legacy.Length, false),
            new(200, [new("Content-Type", "application/json")], lookup, false, lookup.Length, false)
        );
}
