using Xunit;

namespace Strangler.EndToEnd.Tests.Harness;

/// <summary>Tests that need the whole machine: they run when no others do.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
