using Confluent.Kafka;

namespace Strangler.ChangeLog.Kafka.Client;

/// <summary>The last thing that a client said of its connections, which its calls don't say.</summary>
internal sealed class ClientErrors
{
    private volatile Error? _last;

    public string? Last => _last?.Reason;

    public bool IsRefused => _last?.Code is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed;

    public void Add(Error error) => _last = error;
}
