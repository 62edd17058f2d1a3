using Strangler.Projections.Storing;

namespace Strangler.Projections.Applying;

/// <summary>The result of applying the log's next batch.</summary>
/// <param name="Checkpoint">Where the checkpoint is after it.</param>
/// <param name="Records">How many records of the log were applied.</param>
/// <param name="Moved">Whether the checkpoint moved.</param>
/// <param name="Returns">Whether a projection that had stopped fits its tables again.</param>
internal sealed record AppliedBatch(Checkpoint Checkpoint, int Records, bool Moved, bool Returns);
