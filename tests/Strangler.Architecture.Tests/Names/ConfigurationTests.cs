using Strangler.Architecture.Tests.Documentation;
using Xunit;

namespace Strangler.Architecture.Tests.Names;

public sealed class ConfigurationTests
{
    [Fact]
    public void Keys_ThatAreRead_AreTheApproved() =>
        ApprovedNames.Equal(
            "configuration",
            "Keys of strangler.json. N is the place of an entry; those of a route stand below its id.",
            KnownKeys.All.Order(StringComparer.Ordinal)
        );
}
