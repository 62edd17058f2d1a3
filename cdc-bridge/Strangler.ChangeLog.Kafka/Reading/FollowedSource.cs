using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Kafka.Control;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Reading;

/// <summary>What is heard of one source's control topic. Thread-safe.</summary>
internal sealed class FollowedSource(string name)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FaultException? _failure;
    private ControlRecord? _last;
    private long _next = -1;

    public string Name => name;

    public string Topic { get; } = LogTopics.Control(name);

    /// <summary>The offset that comes next; -1 while that isn't known.</summary>
    public long Next
    {
        get
        {
            lock (_lock)
                return _next;
        }
    }

    /// <summary>Where the log ends, and what completes when more is heard.</summary>
    public (Position? End, Task Moved) Heard
    {
        get
        {
            lock (_lock)
                return (_last?.State.End, _moved.Task);
        }
    }

    /// <summary>
    /// How the log stands if everything before an offset was heard; else what completes when more is.
    /// </summary>
    /// <exception cref="FaultException">The topic can't be read.</exception>
    public (LogPoint? Point, Task Moved) Upto(long low, long high)
    {
        lock (_lock)
        {
            if (_failure is { } failure)
                throw new FaultException(failure.Faults, failure.InnerException);
            return (_next >= high ? new LogPoint(low, _next, _last) : null, _moved.Task);
        }
    }

    /// <summary>It begins, or begins again, at an offset.</summary>
    public void Begin(ControlRecord? last, long next) => Set(() => (_failure, _last, _next) = (null, last, next));

    /// <summary>The next record has come; null if it doesn't count.</summary>
    public void Add(ControlRecord? record) => Set(() => (_last, _next) = (record ?? _last, _next + 1));

    /// <summary>Nothing more is heard until it begins again.</summary>
    public void Lose(FaultException? why) => Set(() => (_failure, _next) = (why, -1));

    private void Set(Action change)
    {
        TaskCompletionSource moved;
        lock (_lock)
        {
            change();
            (moved, _moved) = (_moved, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        moved.SetResult();
    }
}
