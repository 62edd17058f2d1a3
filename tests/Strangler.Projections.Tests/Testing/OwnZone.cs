using Xunit;

namespace Strangler.Projections.Tests.Testing;

/// <summary>Tests that change the time zone of this process: they run when no others do.</summary>
[CollectionDefinition(nameof(OwnZone), DisableParallelization = true)]
public sealed class OwnZone;
