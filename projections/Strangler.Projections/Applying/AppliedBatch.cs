using Strangler.Projections.Storing;

namespace Strangler.Projections.Applying;

/// <summary>What a step made of the log's next batch.</summary>
/// <param name="Checkpoint">Where the checkpoint is after it.</param>
/// <param name="Records">Records of the log that were applied.</param>
/// <param name="Moved">Whether the checkpoint moved.</param>
/// <param name="Returns">Whether a projection that had stopped fits its tables again.</param>
internal sealed record AppliedBatch(Checkpoint Checkpoint, int Records, bool Moved, bool Returns);
