using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Strangler.ChangeLog.Kafka.Client;

/// <summary>What kind of error the broker, or the client on its behalf, answers with.</summary>
internal static class BrokerError
{
    /// <summary>
    /// A broker that restarts, a leader that moves, a connection that is lost: the same question may be answered later.
    /// </summary>
    public static bool Passes(Error error) =>
        error.Code
            is ErrorCode.Local_AllBrokersDown
                or ErrorCode.Local_Authentication
                or ErrorCode.Local_Destroy // a partition that no longer exists, with what waited for it
                or ErrorCode.Local_DestroyBroker
                or ErrorCode.Local_Resolve
                or ErrorCode.Local_Retry
                or ErrorCode.Local_TimedOut
                or ErrorCode.Local_TimedOutQueue
                or ErrorCode.Local_Transport
                or ErrorCode.Local_UnknownBroker
                or ErrorCode.Local_WaitCache
                or ErrorCode.BrokerNotAvailable
                or ErrorCode.FencedLeaderEpoch
                or ErrorCode.KafkaStorageError
                or ErrorCode.LeaderNotAvailable
                or ErrorCode.ListenerNotFound
                or ErrorCode.NetworkException
                or ErrorCode.NotController
                or ErrorCode.NotLeaderForPartition
                or ErrorCode.OffsetNotAvailable
                or ErrorCode.ReplicaNotAvailable
                or ErrorCode.RequestTimedOut
                or ErrorCode.ThrottlingQuotaExceeded
                or ErrorCode.UnknownLeaderEpoch;

    /// <summary>The topic doesn't exist, or the broker that was asked doesn't know it yet.</summary>
    public static bool IsUnknownTopic(Error error) =>
        error.Code
            is ErrorCode.UnknownTopicOrPart
                or ErrorCode.UnknownTopicId
                or ErrorCode.Local_UnknownTopic
                or ErrorCode.Local_UnknownPartition;

    /// <summary>The log's user may not do it.</summary>
    public static bool IsDenied(Error error) =>
        error.Code
            is ErrorCode.TopicAuthorizationFailed
                or ErrorCode.ClusterAuthorizationFailed
                or ErrorCode.GroupAuthorizationFailed;

    /// <summary>What is at an offset isn't there any more.</summary>
    public static bool IsGone(Error error) =>
        error.Code is ErrorCode.OffsetOutOfRange or ErrorCode.Local_AutoOffsetReset or ErrorCode.Local_LogTruncation;

    /// <summary>The error of an administrator's request: that of the first topic that has one.</summary>
    public static Error Of(KafkaException exception) =>
        exception switch
        {
            CreateTopicsException create => First(create.Results.Select(one => one.Error)) ?? exception.Error,
            DeleteRecordsException delete => First(delete.Results.Select(one => one.Error)) ?? exception.Error,
            DescribeConfigsException describe => First(describe.Results.Select(one => one.Error)) ?? exception.Error,
            DescribeTopicsException describe => First(describe.Results.TopicDescriptions.Select(one => one.Error))
                ?? exception.Error,
            _ => exception.Error,
        };

    private static Error? First(IEnumerable<Error> errors) => errors.FirstOrDefault(error => error.IsError);
}
