using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

/// <summary>The memory of the process can be measured only while no other test runs.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
