using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

/// <summary>
/// What belongs to the whole process, as its memory and its culture, can be tested only while no other test runs.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
