using Confluent.Kafka;

namespace Strangler.ChangeLog.Kafka.Client;

/// <summary>The last thing that a client said of its connections, which its calls don't say.</summary>
internal sealed class ClientErrors
{
    private volatile Error? _last;

    public string? Last => _last?.Reason;

    public bool IsRefused => _last?.Code is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed;

    /// <summary>Keeps it, unless it only says that no broker is left, and an earlier one says why.</summary>
    public void Add(Error error)
    {
        if (error.Code != ErrorCode.Local_AllBrokersDown || _last is null)
            _last = error;
    }
}
