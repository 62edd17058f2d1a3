using Confluent.Kafka;

namespace Strangler.ChangeLog.Kafka.Client;

/// <summary>The last thing that a client said of its connections, which its calls don't say.</summary>
internal sealed class ClientErrors(TimeProvider time)
{
    // A client that is still refused is told so each time that it connects, which it does more often.
    private static readonly TimeSpan RefusalAge = TimeSpan.FromMinutes(1);

    private volatile Error? _last;
    private long _at;
    private int _refusals;

    public string? Last => _last?.Reason;

    /// <summary>How often the broker has refused the credentials.</summary>
    public int Refusals => Volatile.Read(ref _refusals);

    public bool IsRefused => _last is { } last && IsRefusal(last);

    /// <summary>
    /// Keeps it, unless an earlier one says more: why no broker is left, or that the credentials were just refused.
    /// </summary>
    public void Add(Error error)
    {
        if (IsRefusal(error))
            Interlocked.Increment(ref _refusals);
        var isRefused = IsRefused && time.GetElapsedTime(Interlocked.Read(ref _at)) < RefusalAge;
        if (_last is not null && (error.Code == ErrorCode.Local_AllBrokersDown || (isRefused && !IsRefusal(error))))
            return;
        Interlocked.Exchange(ref _at, time.GetTimestamp());
        _last = error;
    }

    private static bool IsRefusal(Error error) =>
        error.Code is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed;
}
