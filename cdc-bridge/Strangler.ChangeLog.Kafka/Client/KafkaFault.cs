using Confluent.Kafka;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Client;

/// <summary>What a person is told when the broker doesn't do what the log needs.</summary>
internal static class KafkaFault
{
    /// <summary>
    /// A fault that passes when the broker answers again: its cause is a timeout, by which the bridge tells that it may
    /// go on by itself.
    /// </summary>
    public static FaultException Passing(Fault fault, Exception? cause = null) =>
        new(fault, new TimeoutException(fault.Problem, cause));

    public static Fault Unreachable(KafkaLogOptions options, string doing, ClientErrors errors) =>
        errors.IsRefused
            ? new(
                options.PathOf("sasl.mechanism"),
                $"The broker at {options.Address} refuses the credentials: {errors.Last}",
                "Check the user, the password and the mechanism."
            )
            : new(
                options.PathOf(KafkaLogOptions.Servers),
                $"The broker at {options.Address} did not answer within {options.RequestLimit.TotalSeconds:0.#} s "
                    + $"while the log {doing}{(errors.Last is { } reason ? $": {reason}." : ".")}",
                "Check the address, and that the broker runs and can be reached from here."
            );

    public static Fault Undelivered(KafkaLogOptions options, int left, ClientErrors errors) =>
        new(
            options.PathOf(KafkaLogOptions.Servers),
            $"The broker at {options.Address} confirmed nothing for {options.DeliveryLimit.TotalSeconds:0.#} s, and "
                + $"{left} messages wait{(errors.Last is { } reason ? $": {reason}." : ".")}",
            "Nothing is lost: the source sends it again. Check that the broker runs and that enough replicas are in "
                + "sync; 'producer.delivery.timeout.ms' is how long to wait."
        );

    public static Fault TooLarge(KafkaLogOptions options, string topic, string what, long bytes) =>
        new(
            $"Topic:{topic}",
            $"{what} has {bytes:N0} bytes, which is more than the broker or the client takes.",
            $"Raise 'max.message.bytes' of the topic, 'message.max.bytes' of the broker and "
                + $"'{options.PathOf("producer.max.request.size")}', or leave the column out of the table's events."
        );

    public static Fault NotAllowed(string topic) =>
        new(
            $"Topic:{topic}",
            "It doesn't exist, and 'topic.creation.enable=false' says that it must not be created.",
            "Create it, or set 'topic.creation.enable' to true."
        );

    public static Fault Refused(string topic, string what, Error error) =>
        new(
            $"Topic:{topic}",
            $"The broker did not take {what}: {error.Reason} ({error.Code}).",
            "Nothing is lost: the source sends it again. Correct what the broker says."
        );

    public static Fault NotCreated(string topic, Error error) =>
        new(
            $"Topic:{topic}",
            $"It could not be created: {error.Reason} ({error.Code}).",
            "Create it, allow the log's user to, or correct 'topic.creation.*'."
        );

    public static Fault Partitions(string topic, int partitions) =>
        new(
            $"Topic:{topic}",
            $"It has {partitions} partitions, but it holds the order of the log and has to have exactly one.",
            "If nothing has been appended to it yet, delete it, and the log creates it; else restore it."
        );

    /// <summary>The broker would delete what the log needs.</summary>
    public static Fault NotKept(string topic, string address, string name, string value) =>
        new(
            $"Topic:{topic}",
            $"Its {name} is '{value}', by which the broker takes records out of the log.",
            $"{Keep(topic, address)} The log itself deletes what it no longer needs."
        );

    /// <summary>Nothing is left of the log: it isn't a new one.</summary>
    public static Fault Emptied(string topic, string address, long low) =>
        new(
            $"Topic:{topic}",
            $"Everything before offset {low} has been deleted, by somebody else than the log, and with it all that "
                + "says which records belong to the log.",
            $"{Keep(topic, address)} Then restore the topic; or delete it, and take a new snapshot of the source."
        );

    /// <summary>The broker doesn't do what it is asked for.</summary>
    public static Fault Denied(string topic, string doing, Error error) =>
        new(
            $"Topic:{topic}",
            $"The broker refused when the log {doing}: {error.Reason} ({error.Code}).",
            BrokerError.IsDenied(error)
                ? "Give the log's user the right: 'kafka-acls --add' with --allow-principal, --operation and --topic."
                : "Correct what the broker says."
        );

    /// <summary>A topic of records is gone that the log writes to. Passes: it is created again.</summary>
    public static Fault Vanished(string topic) =>
        new(
            $"Topic:{topic}",
            "It was deleted while the log wrote to it.",
            "Nothing has to be done: the log creates it again. Readers that had not read what it held are told so."
        );

    public static Fault Malformed(string topic, long offset, string why) =>
        new(
            $"Topic:{topic}",
            $"The record at offset {offset} can't be read. {why}",
            "Use the version of this program that wrote it; if it is damaged, take a new snapshot under another name."
        );

    public static Fault Deleted(string topic) =>
        new(
            $"Topic:{topic}",
            "It has been deleted, and with it what says which records belong to the log.",
            "Take a new snapshot of the source, and start its processes again."
        );

    public static Fault Replaced(string topic) =>
        new(
            $"Topic:{topic}",
            "It was deleted and created again while the log was open, and holds another log now.",
            "Nothing was written to that one. If it is the log that is wanted, start the processes of the source again."
        );

    public static Fault Stranger(string topic, string source, string found) =>
        new(
            $"Topic:{topic}",
            $"It holds the log of the source '{found}', not of '{source}'.",
            "Give the sources different names, or other brokers."
        );

    /// <param name="name">What librdkafka calls the property; <c>*</c> if it names none.</param>
    public static Fault Property(KafkaLogOptions options, ClientRole role, string name)
    {
        var written = JavaProperty
            .Renamed.Concat(JavaProperty.Aliases)
            .Where(one => one.Value == name)
            .Select(one => one.Key)
            .FirstOrDefault(java => ClientProperties.Has(role, java, options));
        return new(
            ClientProperties.PathOf(role, written ?? name, options),
            name == "*"
                ? "The client doesn't take these properties together, or doesn't find what one of them names."
                : "The client doesn't know this property, or doesn't take its value.",
            "Use a name and value of Kafka's Java clients or of librdkafka."
        );
    }

    public static Fault WentBack(string topic, long expected, long offset) =>
        new(
            $"Topic:{topic}",
            $"A record was stored at offset {offset}, but the log had come to {expected} already: the topic was "
                + "created again, or its replicas have lost what they had confirmed.",
            "Take a new snapshot of the source; keep 'unclean.leader.election.enable' off and 'min.insync.replicas' "
                + "at 2."
        );

    private static string Keep(string topic, string address) =>
        $"Run 'kafka-configs --bootstrap-server {address} --alter --entity-type topics --entity-name {topic} "
        + "--add-config cleanup.policy=delete,retention.ms=-1,retention.bytes=-1'.";

    /// <summary>What a reader is told when the records of a cut are not where they were.</summary>
    public static Fault Lost(string topic, int partition, long offset, Position after, string why) =>
        new(
            $"Topic:{topic}",
            $"Records after {after} were requested, but partition {partition} no longer has what the log put at offset "
                + $"{offset}: {why}.",
            "Rebuild from the mirror at its watermark, or take a new snapshot of the source; a longer retention of the "
                + "topic leaves readers more time, and it must not be compacted."
        );
}
