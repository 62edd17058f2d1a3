namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>
/// Everything that was ever right, by key and time. Its only writer makes every change to the source, so that nothing
/// is right that isn't recorded here.
/// </summary>
/// <param name="keys">All keys that are ever requested.</param>
internal sealed class Timeline(IEnumerable<string> keys)
{
    private static readonly KeyContent Absent = new KeyContent.Absent();
    private static readonly KeyContent Unreadable = new KeyContent.Unreadable();

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<KeyVersion>> _versions = keys.ToDictionary(
        key => key,
        _ => new List<KeyVersion> { new(TimeSpan.MinValue, TimeSpan.MaxValue, Absent) }
    );
    private readonly List<(TimeSpan Begin, TimeSpan End)> _silentChanges = [];
    private TimeSpan _through;

    /// <summary>All keys.</summary>
    public IReadOnlyCollection<string> Keys => _versions.Keys;

    /// <summary>Until when everything is recorded.</summary>
    public TimeSpan Through
    {
        get
        {
            lock (_lock)
                return _through;
        }
    }

    /// <summary>Records what is right since a change that was committed between two times.</summary>
    /// <param name="before">Before it was committed.</param>
    /// <param name="after">After it was committed.</param>
    /// <param name="bodies">The body of each key that exists; null: the tables can't be read.</param>
    /// <param name="silent">Whether the change had no row event.</param>
    public void Record(TimeSpan before, TimeSpan after, IReadOnlyDictionary<string, string>? bodies, bool silent)
    {
        lock (_lock)
        {
            if (bodies is not null && bodies.Keys.FirstOrDefault(key => !_versions.ContainsKey(key)) is { } unknown)
                throw new ArgumentException($"'{unknown}' is none of the keys.", nameof(bodies));
            foreach (var (key, versions) in _versions)
            {
                var content =
                    bodies is null ? Unreadable
                    : bodies.TryGetValue(key, out var body) ? new KeyContent.Present(body)
                    : Absent;
                if (versions[^1].Content == content)
                    continue;
                versions[^1] = versions[^1] with { End = after };
                versions.Add(new(before, TimeSpan.MaxValue, content));
            }
            if (silent)
                _silentChanges.Add((before, after));
            _through = after;
        }
    }

    /// <summary>Records that nothing else has changed until now.</summary>
    public void Reach(TimeSpan now)
    {
        lock (_lock)
            _through = now;
    }

    /// <summary>The versions of a key that may have been current at some time between the two, newest first.</summary>
    public IReadOnlyList<KeyVersion> Between(string key, TimeSpan from, TimeSpan to)
    {
        lock (_lock)
        {
            var found = new List<KeyVersion>();
            var versions = _versions[key];
            for (var at = versions.Count - 1; at >= 0 && versions[at].End >= from; at--)
            {
                if (versions[at].Begin <= to)
                    found.Add(versions[at]);
            }
            return found;
        }
    }

    /// <summary>Whether a change without row events was made at most this long before a time.</summary>
    public bool ChangedSilently(TimeSpan at, TimeSpan within)
    {
        lock (_lock)
            return _silentChanges.Any(change => change.Begin <= at && at <= change.End + within);
    }
}
