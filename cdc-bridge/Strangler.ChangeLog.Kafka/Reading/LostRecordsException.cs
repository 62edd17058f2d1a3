using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Reading;

/// <summary>What a cut names is not where it was.</summary>
internal sealed class LostRecordsException(Fault fault) : Exception(fault.ToString())
{
    public Fault Fault { get; } = fault;
}
