using CsCheck;

namespace Strangler.ChangeLog.Tests;

/// <summary>
/// One step of a random history; <see cref="LogModel"/>, which knows what is possible, turns the numbers into
/// positions.
/// </summary>
internal abstract record LogStep
{
    private LogStep() { }

    /// <summary>Whole transactions, and optionally the beginning of one more.</summary>
    public sealed record Transactions(int Count, int Records, int Begun) : LogStep;

    /// <summary>More of the unfinished transaction or snapshot.</summary>
    public sealed record More(int Records) : LogStep;

    /// <summary>The rest of it, and its commit.</summary>
    public sealed record Finish(int Records) : LogStep;

    public sealed record Progress : LogStep;

    /// <summary>The beginning of a snapshot in a new epoch.</summary>
    public sealed record NewEpoch(int Records) : LogStep;

    /// <summary>
    /// The appender is lost in its current state and another is opened, which may keep what is unfinished; the lost one
    /// may still try.
    /// </summary>
    public sealed record Crash(bool TriesAgain, bool Keeps) : LogStep;

    /// <summary>Earlier records come again.</summary>
    public sealed record Replay(int Which) : LogStep;

    public sealed record Discard : LogStep;

    public sealed record Retain(int Bytes) : LogStep;

    /// <summary>A reader reads a page.</summary>
    public sealed record Read(int Reader, int Records, int Bytes) : LogStep;

    /// <summary>Time passes, which ages the segment; the source's clock may jump back.</summary>
    public sealed record Clock(int Seconds, int Step) : LogStep;

    public sealed record Seek(int Back) : LogStep;

    private static readonly Gen<LogStep> Any = Gen.Frequency(
        (
            6,
            Gen.Select(
                Gen.Int[1, 3],
                Gen.Int[0, 5],
                Gen.Int[0, 3],
                (count, records, begun) => (LogStep)new Transactions(count, records, begun)
            )
        ),
        (3, Gen.Int[1, 5].Select(records => (LogStep)new More(records))),
        (3, Gen.Int[0, 5].Select(records => (LogStep)new Finish(records))),
        (1, Gen.Const((LogStep)new Progress())),
        (1, Gen.Int[1, 4].Select(records => (LogStep)new NewEpoch(records))),
        (2, Gen.Select(Gen.Bool, Gen.Bool, (tries, keeps) => (LogStep)new Crash(tries, keeps))),
        (2, Gen.Int[0, 1_000].Select(which => (LogStep)new Replay(which))),
        (1, Gen.Const((LogStep)new Discard())),
        (1, Gen.Int[0, 3_000].Select(bytes => (LogStep)new Retain(bytes))),
        (
            8,
            Gen.Select(
                Gen.Int[0, 2],
                Gen.Int[1, 6],
                Gen.Int[1, 400],
                (reader, records, bytes) => (LogStep)new Read(reader, records, bytes)
            )
        ),
        (2, Gen.Select(Gen.Int[0, 30], Gen.Int[-20, 20], (seconds, step) => (LogStep)new Clock(seconds, step))),
        (1, Gen.Int[0, 100].Select(back => (LogStep)new Seek(back)))
    );

    public static readonly Gen<LogStep[]> History = Any.Array[1, 60];
}
