using Confluent.Kafka;

namespace Strangler.ChangeLog.Kafka.Client;

/// <summary>The last thing that a client said of its connections, which its calls don't say.</summary>
internal sealed class ClientErrors
{
    private volatile Error? _last;

    public string? Last => _last?.Reason;

    public bool IsRefused => _last is { } last && IsRefusal(last);

    /// <summary>
    /// Keeps it, unless an earlier one says more: why no broker is left, or that the credentials are refused.
    /// </summary>
    public void Add(Error error)
    {
        if (_last is null || (error.Code != ErrorCode.Local_AllBrokersDown && (!IsRefused || IsRefusal(error))))
            _last = error;
    }

    private static bool IsRefusal(Error error) =>
        error.Code is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed;
}
