using System.Globalization;
using System.Text;
using Strangler.ChangeLog;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Evidence.Storing;
using Strangler.Projections;

namespace Strangler.Gateway.Tests.Evidence;

/// <summary>Comparisons that tests add to evidence.</summary>
internal static class Sampling
{
    public static readonly EvidenceScope Scope = new("availability", "ItemAvailability", "v1", "rules");

    public static readonly DateTimeOffset At = new(2026, 11, 24, 9, 30, 0, TimeSpan.Zero);

    public static readonly Verdict Quiet = new Verdict.Match(true, 0);

    public static Answer Answer(string body) => Projections.Answer.Json(200, Encoding.UTF8.GetBytes(body));

    public static Verdict Wrong(params string[] paths) =>
        new Verdict.Wrong(
            [.. paths.Select(path => new Difference(DifferenceKind.Value, path, path, "7", "6"))],
            WrongCause.Projection
        );

    public static PartVerdict Part(string? key, Verdict verdict, string? version = "1:0/10:0") =>
        verdict is Verdict.Wrong
            ? new(
                key,
                PositionOf(version),
                verdict,
                [],
                [],
                Answer("""{"qty":7}"""),
                Answer("""{"qty":6}"""),
                Position.Parse("1:0/10:end"),
                At
            )
            : new(key, PositionOf(version), verdict, [], [])
            {
                Existing = verdict is Verdict.Match && key is not null ? [key] : [],
            };

    private static Position? PositionOf(string? text) => text is null ? null : Position.Parse(text);

    /// <summary>A match in which neither side knows the key.</summary>
    public static PartVerdict Absent(string key, string? version = "1:0/10:0") =>
        Part(key, Quiet, version) with
        {
            Existing = [],
        };

    public static Comparison Of(PartVerdict part, DateTimeOffset? at = null, EvidenceScope? scope = null) =>
        new(
            scope ?? Scope,
            at ?? At,
            $"GET /api/items/{part.Unit}/availability",
            [part],
            TimeSpan.FromMilliseconds(20),
            TimeSpan.FromMilliseconds(1),
            null,
            TimeSpan.FromMilliseconds(50)
        );

    /// <summary>Calls on a batch with a mix of everything.</summary>
    public static List<Action<EvidenceBatch>> Mixed(Random random, int count)
    {
        Verdict[] verdicts =
        [
            Quiet,
            new Verdict.Match(false, 2),
            Wrong("$.qty"),
            Wrong("$.qty", "$.lines[*].area"),
            Verdict.Torn.Value,
            new Verdict.Incomparable(IncomparableReason.Failed),
            new Verdict.Undetermined(Doubt.Noise, ""),
            new Verdict.Undetermined(Doubt.WatermarkLate, "10 s"),
        ];
        var calls = new List<Action<EvidenceBatch>>();
        for (var i = 0; i < count; i++)
        {
            var scope = random.Next(4) == 0 ? Scope with { Version = "v2" } : Scope;
            // three quarters of a day, and a new day
            var at = At.AddSeconds(random.Next(600)).AddHours(6 * random.Next(3));
            var key = random.Next(12).ToString(CultureInfo.InvariantCulture);
            switch (random.Next(7))
            {
                case 6:
                    calls.Add(batch =>
                        batch.Note(
                            scope,
                            at,
                            new Access(key is "1" ? ["cookie", "authorization"] : [], key is "2" ? 403 : null)
                        )
                    );
                    break;
                case 0:
                    calls.Add(batch => batch.Drop(scope, at, DropReason.PerSecond));
                    break;
                case 1:
                    calls.Add(batch => batch.Sample(scope, at, [key, "0", key]));
                    break;
                default:
                    var verdict = verdicts[random.Next(verdicts.Length)];
                    // some keys never match, so that there are unproven ones
                    if (key is "1" or "2" && verdict is Verdict.Match)
                        verdict = Verdict.Torn.Value;
                    var part = Part(
                        random.Next(10) == 0 ? null : key,
                        verdict,
                        random.Next(5) == 0 ? null : $"1:0/{random.Next(6)}:0"
                    ) with
                    {
                        Ignored = random.Next(3) == 0 ? [new IgnoredDifference("$.at", "Ignore $.at", 2)] : [],
                        Noise = random.Next(4) == 0 ? ["$.eta", "$.eta"] : [],
                        Existing = verdict is Verdict.Match && random.Next(3) > 0 ? [key] : [],
                    };
                    var comparison = Of(part, at, scope) with
                    {
                        LegacyDuration = TimeSpan.FromMicroseconds(random.Next(1_000_000)),
                        Late = random.Next(2) == 0 ? null : TimeSpan.FromMilliseconds(random.Next(900)),
                        LookupMiss = random.Next(9) == 0 ? "stale" : null,
                    };
                    var draw = (ulong)random.NextInt64();
                    calls.Add(batch => batch.Add(comparison, Examples(comparison, draw)));
                    break;
            }
        }
        return calls;
    }

    public static List<KeptExample> Examples(Comparison comparison, ulong draw) =>
        [
            .. comparison
                .Parts.Where(part => part.Verdict is Verdict.Wrong)
                .Select(
                    (part, index) =>
                        ExampleBuilder.Of(
                            comparison,
                            part,
                            (Verdict.Wrong)part.Verdict,
                            draw + (ulong)index,
                            EvidenceLimits.Default.BodyBytes
                        )
                ),
        ];
}
