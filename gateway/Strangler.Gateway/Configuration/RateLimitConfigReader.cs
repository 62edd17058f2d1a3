using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Configuration;

/// <summary>Reads a policy of <c>RateLimiter</c>: what it means, or all its faults.</summary>
internal sealed class RateLimitConfigReader(IConfigurationSection policy, List<Fault> faults)
{
    private const string Kind = "Kind";
    private const string PartitionBy = "PartitionBy";
    private const string QueueLimit = "QueueLimit";
    private const string PermitLimit = "PermitLimit";
    private const string Window = "Window";
    private const string SegmentsPerWindow = "SegmentsPerWindow";
    private const string TokenLimit = "TokenLimit";
    private const string TokensPerPeriod = "TokensPerPeriod";
    private const string Period = "Period";
    private const int MaxQueue = 100_000;
    private const int MaxSegments = 1_000;
    private static readonly TimeSpan MinWindow = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MaxWindow = TimeSpan.FromDays(1);

    /// <summary>The kinds, with the members that each has in addition to those of all.</summary>
    private static readonly Dictionary<string, string[]> Kinds = new(StringComparer.Ordinal)
    {
        [nameof(RateLimitModel.FixedWindow)] = [PermitLimit, Window],
        [nameof(RateLimitModel.SlidingWindow)] = [PermitLimit, Window, SegmentsPerWindow],
        [nameof(RateLimitModel.TokenBucket)] = [TokenLimit, TokensPerPeriod, Period],
        [nameof(RateLimitModel.Concurrency)] = [PermitLimit],
    };
    private readonly SectionValues _values = new(policy, faults);

    public RateLimitModel? Read()
    {
        var before = faults.Count;
        if (policy[Kind] is not { } kind || !Kinds.TryGetValue(kind, out var members))
        {
            faults.Add(
                new Fault(
                    $"{policy.Path}:{Kind}",
                    policy[Kind] is { } unknown ? $"'{unknown}' is not a kind of limit." : "It says no kind of limit.",
                    $"The kinds are {Sentence.List(Kinds.Keys)}."
                )
            );
            return null;
        }
        UnknownMembers.Find(policy, [Kind, PartitionBy, QueueLimit, .. members], faults);
        RateLimitModel model = kind switch
        {
            nameof(RateLimitModel.FixedWindow) => new RateLimitModel.FixedWindow(Limit(PermitLimit), Time(Window)),
            nameof(RateLimitModel.SlidingWindow) => new RateLimitModel.SlidingWindow(
                Limit(PermitLimit),
                Time(Window),
                _values.Number(SegmentsPerWindow, 4, 1, MaxSegments)
            ),
            nameof(RateLimitModel.TokenBucket) => new RateLimitModel.TokenBucket(
                Limit(TokenLimit),
                Limit(TokensPerPeriod),
                Time(Period)
            ),
            _ => new RateLimitModel.Concurrency(Limit(PermitLimit)),
        };
        model = model with { Scope = Scope(), Queue = _values.Number(QueueLimit, 0, 0, MaxQueue) };
        return faults.Count > before ? null : model;
    }

    private RateLimitScope Scope()
    {
        if (policy[PartitionBy] is not { } text)
            return RateLimitScope.None;
        var names = Enum.GetNames<RateLimitScope>();
        if (names.Contains(text, StringComparer.Ordinal))
            return Enum.Parse<RateLimitScope>(text);
        faults.Add(
            new Fault(
                $"{policy.Path}:{PartitionBy}",
                $"'{text}' doesn't say who shares the limit.",
                $"The words are {Sentence.List(names)}."
            )
        );
        return RateLimitScope.None;
    }

    private int Limit(string member)
    {
        if (policy[member] is null)
            faults.Add(new Fault($"{policy.Path}:{member}", "The limit is missing.", "Set it to a whole number."));
        return (int)(_values.Number(member, 1, int.MaxValue) ?? 1);
    }

    private TimeSpan Time(string member) => _values.Time(member, TimeSpan.FromSeconds(1), MinWindow, MaxWindow);
}
