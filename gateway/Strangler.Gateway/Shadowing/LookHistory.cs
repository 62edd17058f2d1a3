namespace Strangler.Gateway.Shadowing;

/// <summary>
/// The recent looks, oldest first. All of the newest are kept, and one a second of older ones, since keeping fewer only
/// widens the brackets that begin there. Not thread-safe.
/// </summary>
/// <param name="frequency">Timestamp ticks per second.</param>
/// <param name="keep">The first value of <see cref="Keep"/>.</param>
internal sealed class LookHistory(long frequency, TimeSpan keep)
{
    private const int MaxRecent = 16_384;
    private const int MaxOld = 8_192;
    private static readonly TimeSpan Dense = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Sparse = TimeSpan.FromSeconds(1);
    private readonly Ring _recent = new(MaxRecent);
    private readonly Ring _old = new(MaxOld);

    /// <summary>How far back a bracket may begin.</summary>
    public TimeSpan Keep { get; set; } = keep;

    public TakenLook? Latest => _recent.Count > 0 ? _recent[^1] : null;

    public int Count => _recent.Count + _old.Count;

    public void Add(TakenLook look)
    {
        while (_recent.Count > 0 && (_recent.Full || _recent[0].Received < look.Received - Timestamps(Dense)))
            MakeOld(_recent.TakeFirst());
        _recent.Add(look);
        while (_old.Count > 0 && _old[0].Received < look.Received - Timestamps(Keep))
            _old.TakeFirst();
    }

    /// <summary>
    /// The last look received before a call, earlier by how long its answer may have been cached: the call could see
    /// everything that this look saw. Null if no look is that old.
    /// </summary>
    public TakenLook? Before(long timestamp, TimeSpan back)
    {
        var limit = timestamp - Timestamps(back);
        return _recent.LastWhere(look => look.Received < limit) ?? _old.LastWhere(look => look.Received < limit);
    }

    /// <summary>
    /// The first look sent after an answer had ended: it sees everything that the call could see. Null if there is none
    /// yet.
    /// </summary>
    public TakenLook? After(long timestamp) => _recent.FirstAfter(look => look.Sent > timestamp);

    /// <summary>The oldest look of the newest one's connection, and the newest one.</summary>
    public (TakenLook Oldest, TakenLook Newest)? Kept()
    {
        if (Latest is not { } newest)
            return null;
        var oldest =
            _old.FirstAfter(look => look.Generation >= newest.Generation)
            ?? _recent.FirstAfter(look => look.Generation >= newest.Generation);
        return (oldest!, newest);
    }

    private void MakeOld(TakenLook look)
    {
        if (_old.Count > 0 && look.Received < _old[^1].Received + Timestamps(Sparse))
            return;
        if (_old.Full)
            _old.TakeFirst();
        _old.Add(look);
    }

    private long Timestamps(TimeSpan time) => (long)(time.TotalSeconds * frequency);

    /// <summary>A bounded queue with binary search: a predicate holds either up to or from some index.</summary>
    private sealed class Ring(int max)
    {
        private readonly TakenLook[] _ring = new TakenLook[max];
        private int _first;

        public int Count { get; private set; }

        public bool Full => Count == max;

        public TakenLook this[Index index] => _ring[(_first + index.GetOffset(Count)) % max];

        public void Add(TakenLook look) => _ring[(_first + Count++) % max] = look;

        public TakenLook TakeFirst()
        {
            var first = _ring[_first];
            (_ring[_first], _first, Count) = (null!, (_first + 1) % max, Count - 1);
            return first;
        }

        public TakenLook? LastWhere(Func<TakenLook, bool> holds)
        {
            var index = Split(look => !holds(look));
            return index == 0 ? null : this[index - 1];
        }

        public TakenLook? FirstAfter(Func<TakenLook, bool> holds)
        {
            var index = Split(holds);
            return index == Count ? null : this[index];
        }

        /// <summary>The first index for which the predicate holds.</summary>
        private int Split(Func<TakenLook, bool> holds)
        {
            var (low, high) = (0, Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (holds(this[middle]))
                    high = middle;
                else
                    low = middle + 1;
            }
            return low;
        }
    }
}
