using Xunit;

namespace Strangler.EndToEnd.Tests.Harness;

/// <summary>Tests that want the machine for themselves: they run when no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
