namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>What a control record says. The numbers are stored and never change their meaning.</summary>
internal enum ControlKind : byte
{
    /// <summary>An appender has opened. What is unfinished waits until it keeps or removes it.</summary>
    Opened = 1,

    /// <summary>Records that wait for the rest of their transaction, snapshot or append.</summary>
    Chunk = 2,

    /// <summary>The log's end: everything since the end before, and the chunks that waited, can be seen.</summary>
    Cut = 3,

    /// <summary>What was unfinished is gone.</summary>
    Discarded = 4,

    /// <summary>The source was found to have the log's history.</summary>
    Verified = 5,

    /// <summary>The log begins later than before.</summary>
    Retained = 6,
}
