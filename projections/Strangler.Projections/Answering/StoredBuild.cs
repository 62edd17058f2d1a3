namespace Strangler.Projections.Answering;

/// <summary>The state of a projection's build in the store when a key is looked up.</summary>
/// <param name="Exists">Whether a build exists that isn't old.</param>
/// <param name="Applied">Whether anything has been applied from its source.</param>
/// <param name="Stopped">Whether the projection has left the applier.</param>
/// <param name="Version">The version that made the build's documents.</param>
/// <param name="InDoubt">Whether a table that it reads is in doubt.</param>
internal readonly record struct StoredBuild(bool Exists, bool Applied, bool Stopped, string? Version, bool InDoubt);
