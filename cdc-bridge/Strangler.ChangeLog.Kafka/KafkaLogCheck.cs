using Confluent.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka;

/// <summary>Checks what the log on Kafka requires, and creates nothing.</summary>
public static class KafkaLogCheck
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    /// <summary>The faults of the clients' properties. Contacts no server.</summary>
    /// <param name="options">Null: the log isn't on Kafka.</param>
    public static IReadOnlyList<Fault> Check(KafkaLogOptions? options)
    {
        if (options is null)
            return [];
        try
        {
            // Without an address they connect to nothing.
            var alone = new KafkaClients(options).WithoutAddress();
            alone.Producer().Client.Dispose();
            alone.Consumer().Client.Dispose();
            alone.Admin().Client.Dispose();
            return [];
        }
        catch (FaultException exception)
        {
            return exception.Faults;
        }
    }

    /// <summary>The same, and whether a broker answers.</summary>
    public static async Task<IReadOnlyList<Fault>> CheckAsync(
        KafkaLogOptions? options,
        CancellationToken cancellationToken
    )
    {
        if (options is null)
            return [];
        if (Check(options) is [_, ..] faults)
            return faults;
        if (options.RequestLimit > MaxWait)
            options = options with { RequestLimit = MaxWait };
        var (admin, errors) = new KafkaClients(options).Admin();
        using (admin)
        {
            try
            {
                await Task.Run(() => admin.GetMetadata(options.RequestLimit), cancellationToken);
                return [];
            }
            catch (KafkaException)
            {
                return [KafkaFault.Unreachable(options, "asked which brokers there are", errors)];
            }
        }
    }
}
