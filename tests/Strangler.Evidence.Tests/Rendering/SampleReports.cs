using Strangler.ChangeLog;
using Strangler.Evidence.Reports;

namespace Strangler.Evidence.Tests.Rendering;

/// <summary>Reports with something in every part, and some with nothing.</summary>
internal static class SampleReports
{
    private static readonly DateTimeOffset At = new(2026, 11, 24, 9, 30, 0, TimeSpan.Zero);

    private static readonly AnswerReport Legacy = new(
        200,
        [new("Content-Type", "application/json; charset=utf-8")],
        """{"sku":"10-0042","lines":[{"area":"north","qty":7},{"area":"south","qty":3}]"""
            + ""","price":"12.50","note":"</script><b>&"}""",
        false,
        113,
        false
    );

    /// <summary>Every list in every part has an element.</summary>
    public static ReportFile Full { get; } = new(ReportFile.CurrentFormat, At, 3, [Wrong, Empty]);

    /// <summary>A route that is ready.</summary>
    public static ReportFile Ready { get; } =
        new(
            ReportFile.CurrentFormat,
            At,
            0,
            [
                Wrong with
                {
                    Verdicts = new(12_000, 9_000, 3_000, 0, 0, 0, 0, 0, [], [], [], []),
                    Versions = new(4_000, 4_000, 0, false, 1_000_000) { Existing = 4_000 },
                    Bound = Bound(0.0011, 0, 4_000),
                    Access = AccessReport.None,
                    Headers = HeadersReport.None,
                    Dismissals = [],
                    Recheck = RecheckReport.None,
                    Undeclared = null,
                    Guard = null,
                    Freshness = null,
                    ProjectionTroubles = [],
                    Differences = [],
                    Ignored = [],
                    Noise = [],
                    Misses = [],
                    Examples = [],
                    Keys = new(800, 800, 800, 810, 10, false, 1_000_000, new(5, 0, 0, 0, []))
                    {
                        Existing = 800,
                        Named = 12_000,
                        Covered = 12_000,
                        UnseenMass = 0.042,
                    },
                    EarlierScopes = [],
                    Requests = new(12_000, 12_000, 0, [], 0, 0, []),
                    Gate = new(
                        true,
                        [
                            new(
                                "evidence",
                                true,
                                "12,000 requests were compared with version a1b2c3d4e5f6 and rules 00112233aabb.",
                                ""
                            ),
                            new("wrong", true, "Nothing is wrong.", ""),
                            new("min-matches", true, "4,000 distinct matches; 1,000 are needed.", ""),
                        ]
                    ),
                },
            ]
        );

    /// <summary>No route.</summary>
    public static ReportFile None { get; } = new(ReportFile.CurrentFormat, At, 0, []);

    public static EvidenceReport Wrong =>
        new(
            "availability",
            "/api/items/{sku}/availability",
            "shadow",
            At.AddHours(-3),
            new("ItemAvailability", "a1b2c3d4e5f60718", "00112233aabb", At.AddHours(-2), At.AddMinutes(-1)),
            [new("ItemAvailability", "ffffffffffff0000", "00112233aabb", At.AddDays(-2), At.AddDays(-1))],
            new(
                12_500,
                12_000,
                460,
                [new("per-second", 460, "More a second than the route compares.")],
                25,
                40,
                [new("undeclared", 40, "The request has an input that the route does not declare.")]
            ),
            new(
                12_000,
                9_000,
                2_400,
                120,
                60,
                20,
                400,
                0.04,
                [
                    new("projection", 118, "f says so of these rows."),
                    new(
                        "engine",
                        2,
                        "The stored document is not what f makes of the mirror: a fault of Strangler, please report it."
                    ),
                ],
                [
                    new(
                        "torn",
                        60,
                        "Legacy had read at several moments: its answer equals f over a mix of row versions."
                    ),
                ],
                [new("failed", 20, "Legacy answered with 5xx.")],
                [
                    new("noise", 300, "Two answers of legacy differ from each other in a quiet bracket."),
                    new("never-at-rest", 100, "The answers differ, and the key never came to rest."),
                ]
            )
            {
                Dismissed = 4,
            },
            new(
                812,
                800,
                790,
                5_000,
                4_188,
                false,
                1_000_000,
                new(
                    5,
                    2,
                    250,
                    0.02,
                    [
                        new("10-0042", 200, 24, "wrong: projection"),
                        new(
                            "10-0007 with a very long key that a table of eighty columns cannot hold in full",
                            50,
                            9,
                            "undetermined: noise"
                        ),
                    ]
                )
            )
            {
                Existing = 700,
                Absent = 90,
                Named = 12_500,
                Covered = 12_250,
                Once = 70,
                UnseenMass = 0.047,
            },
            new(4_100, 4_000, 12, false, 1_000_000) { Existing = 3_900 },
            Bound(0.0064, 12, 3_912),
            [
                new("$.lines[*].qty", "value", 100, At.AddHours(-2), At.AddMinutes(-1), ["01K9ZB3V5M", "01K9ZB3V5N"]),
                new("status", "status", 20, At.AddHours(-1), At.AddMinutes(-5), []),
                new(
                    "$.a.very.deep.path['with quotes and blanks']..that.goes[*].on.and[*].on.beyond.every.width",
                    "missing",
                    1,
                    At.AddHours(-1),
                    At.AddHours(-1),
                    ["01K9ZB3V5P"]
                ),
            ],
            [new("$.generatedAt", "Ignore $.generatedAt", 11_900, At.AddHours(-2), At.AddMinutes(-1))],
            [new("$.lines[*].eta", 300, At.AddHours(-2), At.AddMinutes(-2))],
            [new("stale", 12, "The watermark is older than the route's limit.")],
            new(new(12_000, 23.4, 41, 250.5, 1_900), new(11_988, 0.8, 1.9, 4.25, 30), new(11_900, 35, 90, 410, 2_000)),
            [
                new(At.AddHours(-25), 3600, 10, 0, 0, 0, 1),
                new(At.AddMinutes(-2), 60, 5_600, 60, 30, 10, 200),
                new(At.AddMinutes(-1), 60, 5_800, 60, 30, 10, 200),
            ],
            new(
                false,
                [
                    new(
                        "evidence",
                        true,
                        "12,000 requests were compared with version a1b2c3d4e5f6 and rules 00112233aabb.",
                        ""
                    ),
                    new(
                        "wrong",
                        false,
                        "120 parts were wrong, at '$.lines[*].qty', 'status' and 1 more.",
                        "Correct the projection, or name the difference in a rule; either begins new evidence."
                    ),
                    new(
                        "max-unproven",
                        false,
                        "2 unproven keys take 2.0 % of the sampled requests, where 1.0 % is the limit: '10-0042' "
                            + "and '10-0007…'.",
                        "Each was compared five times or more and never matched; how it ended last is listed with the "
                            + "unproven keys."
                    ),
                ]
            ),
            [
                new(
                    "01K9ZB3V5M",
                    At.AddMinutes(-1),
                    "GET /api/items/10-0042/availability?area=north",
                    "10-0042",
                    Position.Parse("1:0/16B374D8:end"),
                    At.AddMinutes(-1),
                    "projection",
                    [
                        new("value", "$.lines[0].qty", "$.lines[*].qty", "7", "6"),
                        new("missing", "$.note", "$.note", "\"</script><b>&\"", null),
                    ],
                    Legacy,
                    Legacy with
                    {
                        Body =
                            """{"sku":"10-0042","lines":[{"area":"north","qty":6},{"area":"south","qty":3}]"""
                            + ""","price":"12.50"}""",
                        Bytes = 91,
                    }
                ),
                new(
                    "01K9ZB3V5N",
                    At.AddMinutes(-3),
                    "GET /api/items/10-0043/availability",
                    null,
                    null,
                    null,
                    "request",
                    [new("status", "status", "status", "404", "200")],
                    new(404, [], "", false, 0, false),
                    null
                )
                {
                    Form =
                        "Without the request header 'x-<tenant>', which the route doesn't declare, legacy answers as "
                        + "the lookup does.",
                },
            ]
        )
        {
            Dismissals =
            [
                new(
                    "01K9ZB3V5P",
                    "0123456789ab",
                    "projection",
                    ["missing $.note", "value $.lines[*].qty"],
                    "Legacy had a bug in May, </b> and corrected it.",
                    "Ada",
                    At.AddDays(-1)
                )
                {
                    Count = 4,
                },
                new("01K9ZB3V5Q", "ba9876543210", "behind", ["status status"], "A cache.", "Bob", At.AddDays(-40)),
            ],
            ProjectionTroubles =
            [
                "The table 'public.stock' is in doubt, so that look-ups go to legacy. It has lost its primary key "
                    + "or replica identity: 'ALTER TABLE public.stock ADD PRIMARY KEY (sku)'.",
            ],
            Guard = new(
                "cooling",
                "rollback",
                DryRun: false,
                Trips: 2,
                CoolingUntil: new(2026, 11, 24, 9, 50, 0, TimeSpan.Zero),
                DryTrips: 0,
                [new("wrong", "tripped", "3", "0", "3 parts were wrong within an hour, where 0 may be.")]
            ),
            Freshness = new("session", 12_345, 0.4, 31.4, 678, 1.5, 9.8),
            Undeclared = new(
                2,
                "10-0042",
                "GET /api/items/10-0042/availability?area=north",
                At.AddMinutes(-30),
                At.AddMinutes(-9)
            ),
            Recheck = new(310, 300, 10, 2, At.AddMinutes(-1), At.AddMinutes(-9), At.AddMinutes(-4)),
            Access = new(false, 14_000, 1_250, [new("cookie", 1_200), new("authorization", 70)], [new("403", 17)]),
            Headers = new(
                11_900,
                [
                    new("cache-control", "missing", 11_900, 1, At.AddHours(-2), At.AddMinutes(-1)),
                    new("etag", "value", 11_800, 0.9916, At.AddHours(-2), At.AddMinutes(-1)),
                    new("x-made-by", "extra", 3, 0.0003, At.AddHours(-1), At.AddHours(-1)),
                ]
            ),
        };

    private static EvidenceReport Empty =>
        new(
            "availabilities",
            "/api/availability",
            "legacy",
            null,
            new("ItemAvailability", "a1b2c3d4e5f60718", "00112233aabb", null, null),
            [],
            new(0, 0, 0, [], 0, 0, []),
            new(0, 0, 0, 0, 0, 0, 0, 0, [], [], [], []),
            new(0, 0, 0, null, null, false, 1_000_000, new(5, 0, 0, 0, [])),
            new(0, 0, 0, false, 1_000_000),
            Bound(1, 0, 0),
            [],
            [],
            [],
            [],
            new(new(0, null, null, null, null), new(0, null, null, null, null), new(0, null, null, null, null)),
            [],
            new(false, [new("evidence", false, "Nothing was compared.", "Take the route to 'shadow'.")]),
            []
        );

    private static BoundReport Bound(double upper, long wrong, long distinct) =>
        new(
            upper,
            0.95,
            wrong,
            distinct,
            "one-sided beta-binomial mixture",
            "H. Robbins 1970; S. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, Annals of Statistics 49, 2021"
        );
}
