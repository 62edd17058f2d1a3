using System.Globalization;
using System.Text;
using Strangler.Projections.Mapping;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Testing;

/// <summary>Checks that nothing but rows and time decides what a projection makes.</summary>
internal sealed class PropertyChecks(GivenRowSet source, DateTimeOffset now)
{
    private const int RunCount = 100;
    private const int InstantCount = 20;
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(400);
    private static readonly TimeSpan[] Offsets = [new(13, 45, 0), new(-11, -30, 0)];

    public void CheckOrder()
    {
        for (var seed = 0; seed < RunCount; seed++)
        {
            var order = source.Rows.ToArray();
            new Random(seed).Shuffle(order);
            Compare(Documents(order), "with its rows in another order", "Sort what legacy sorts, by the same columns.");
        }
    }

    public void CheckDuplicates()
    {
        for (var seed = 0; seed < RunCount; seed++)
        {
            var random = new Random(seed);
            Compare(
                Followed(ChangeHistory.Of(source.Rows, random), random),
                "after changes that arrive in batches, some of them twice",
                "Let Project and the lambdas of Declare read only their arguments, and remember nothing."
            );
        }
    }

    public void CheckCultures()
    {
        foreach (var culture in TestCulture.Others)
        {
            Compare(
                TestCulture.Run(culture, () => Made(source.Mirror())),
                $"in {(culture.Name.Length > 0 ? $"the culture {culture.Name}" : "a culture with a decimal comma")}",
                "Name the culture: CultureInfo.InvariantCulture, or StringComparison.Ordinal."
            );
        }
    }

    public void CheckTimeZones()
    {
        foreach (var offset in Offsets)
        {
            SortedDictionary<string, string> found;
            using (new TestZone(offset))
                found = Documents();
            Compare(
                found,
                $"in a time zone {offset.ToString("hh\\:mm", CultureInfo.InvariantCulture)} hours "
                    + $"{(offset > TimeSpan.Zero ? "ahead of" : "behind")} UTC",
                "Convert with the zone that legacy means, or stay in UTC; never with the local one."
            );
        }
    }

    public void CheckTime()
    {
        var mirror = source.Mirror();
        foreach (var key in mirror.Keys)
        {
            var first = Invariant(() => mirror.Make(key, now));
            var expected = JsonOf(first);
            var last = first.RecomputeAt ?? now + Horizon;
            foreach (var part in Enumerable.Range(1, InstantCount))
            {
                var at = now.AddTicks(((last - now).Ticks - 1) / InstantCount * part);
                var found = JsonOf(Invariant(() => mirror.Make(key, at)));
                if (expected != found)
                {
                    var where = $"at {at.ToString("O", CultureInfo.InvariantCulture)}";
                    throw Broken(key, expected, found, where, "Return the first time at which it changes.");
                }
            }
        }
    }

    /// <summary>The documents after a history of changes: only those of mapped keys are computed again.</summary>
    private SortedDictionary<string, string> Followed(IReadOnlyList<RowChange> changes, Random random) =>
        Invariant(() =>
        {
            var (mirror, documents) = (source.Empty(), NoDocuments());
            for (var done = 0; done < changes.Count; )
            {
                var batch = changes.Skip(done).Take(random.Next(1, 6)).ToList();
                done += batch.Count;
                for (var times = random.Next(1, 3); times > 0; times--)
                {
                    List<Image> images = [.. batch.Select(one => mirror.Put(one.Table, one.Key, one.Json))];
                    foreach (var outcome in mirror.Outcomes(mirror.Affected(images), now))
                        Keep(documents, outcome);
                }
            }
            return documents;
        });

    private SortedDictionary<string, string> Documents(IEnumerable<GivenRow>? order = null) =>
        Invariant(() => Made(source.Mirror(order)));

    private SortedDictionary<string, string> Made(GivenMirror mirror)
    {
        var documents = NoDocuments();
        foreach (var key in mirror.Keys)
            Keep(documents, mirror.Make(key, now));
        return documents;
    }

    private static void Keep(SortedDictionary<string, string> documents, KeyOutcome outcome)
    {
        if (outcome is KeyOutcome.Made { Bytes: null, LegacyReason: null, RecomputeAt: null })
            documents.Remove(outcome.Key);
        else
            documents[outcome.Key] = Text(outcome);
    }

    private void Compare(SortedDictionary<string, string> found, string where, string wayOut)
    {
        var expected = Documents();
        foreach (var key in expected.Keys.Union(found.Keys))
        {
            var (one, other) = (expected.GetValueOrDefault(key, Absent), found.GetValueOrDefault(key, Absent));
            if (one != other)
                throw Broken(key, one, other, where, wayOut);
        }
    }

    private const string Absent = "absent";

    private static string Text(KeyOutcome outcome) =>
        outcome switch
        {
            KeyOutcome.Made made => JsonOf(made)
                + (made.RecomputeAt is { } due ? $" until {due.ToString("O", CultureInfo.InvariantCulture)}" : ""),
            KeyOutcome.Failed failed => failed.Error,
            _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };

    private static string JsonOf(KeyOutcome.Made made) =>
        made.LegacyReason is { } reason ? $"ask legacy: {reason}"
        : made.Bytes is { } bytes ? Encoding.UTF8.GetString(bytes)
        : Absent;

    private static ProjectionTestException Broken(
        string key,
        string expected,
        string found,
        string where,
        string wayOut
    ) => new($"The document of the key '{key}' is another {where}. {wayOut}\nExpected: {expected}\nFound:    {found}");

    private static SortedDictionary<string, string> NoDocuments() => new(StringComparer.Ordinal);

    private static T Invariant<T>(Func<T> function) => TestCulture.Run(CultureInfo.InvariantCulture, function);
}
