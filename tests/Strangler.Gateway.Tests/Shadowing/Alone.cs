using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

/// <summary>What the process holds can be measured only while no other test runs.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
