namespace Strangler.ChangeLog.Kafka.Client;

/// <summary>What a client of the broker does. Its properties begin with this word.</summary>
internal enum ClientRole
{
    Producer,
    Consumer,
    Admin,
}
