using System.Globalization;

namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>
/// What the soak did and saw: answers by kind, faults with their number and duration, and everything that was not
/// right.
/// </summary>
/// <param name="say">Gets messages about what was not right, at once.</param>
internal sealed class SoakRecord(Action<string> say)
{
    /// <summary>Per kind, during the same faults; further ones are counted.</summary>
    private const int MaxShown = 3;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, long> _answers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Times, TimeSpan Longest)> _faults = [];
    private readonly List<string> _shown = [];
    private readonly Dictionary<(string UnderWay, string Sort), int> _sorts = [];
    private string _underWay = "start";
    private long _wrongCount;

    /// <summary>How much was not right.</summary>
    public long WrongCount
    {
        get
        {
            lock (_lock)
                return _wrongCount;
        }
    }

    public int Times(string fault)
    {
        lock (_lock)
            return _faults.GetValueOrDefault(fault).Times;
    }

    /// <summary>Records the current faults, until they change.</summary>
    public void Begin(string faults)
    {
        lock (_lock)
            _underWay = faults;
    }

    /// <summary>Counts a fault after which everything was looked up again.</summary>
    public void End(string fault, TimeSpan converged)
    {
        lock (_lock)
        {
            var (times, longest) = _faults.GetValueOrDefault(fault);
            _faults[fault] = (times + 1, converged > longest ? converged : longest);
        }
    }

    public void Count(string kind)
    {
        lock (_lock)
            _answers[kind] = _answers.GetValueOrDefault(kind) + 1;
    }

    /// <summary>Something that was not right.</summary>
    /// <param name="at">When.</param>
    /// <param name="sort">Its kind: only some of each kind are shown.</param>
    /// <param name="what">The message.</param>
    public void AddWrong(TimeSpan at, string sort, string what)
    {
        lock (_lock)
        {
            _wrongCount++;
            var count = _sorts[(_underWay, sort)] = _sorts.GetValueOrDefault((_underWay, sort)) + 1;
            if (count > MaxShown)
                return;
            _shown.Add(Line($"{at.TotalSeconds:0.0} s [{_underWay}] {what}"));
            say(_shown[^1]);
        }
    }

    public string Table()
    {
        lock (_lock)
        {
            var width = _faults.Keys.Concat(_answers.Keys).DefaultIfEmpty("").Max(name => name.Length);
            return string.Join(
                '\n',
                [
                    $"{"fault".PadRight(width)}  times  longest until looked up again",
                    .. from pair in _faults
                    orderby pair.Key
                    let longest = pair.Value.Longest.TotalSeconds
                    select Line($"{pair.Key.PadRight(width)}  {pair.Value.Times, 5}  {longest, 7:0.0} s"),
                    "",
                    .. _answers.Select(pair => Line($"{pair.Key.PadRight(width)}  {pair.Value, 7}")),
                    Line($"{"not right".PadRight(width)}  {_wrongCount, 7}"),
                    .. _sorts.Select(pair => $"{pair.Value, 7}  [{pair.Key.UnderWay}] {pair.Key.Sort}"),
                    .. _shown,
                ]
            );
        }
    }

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
