using Strangler.ChangeLog;
using Strangler.Gateway.Shadowing;
using Xunit;

namespace Strangler.Gateway.Tests.Freshness;

/// <summary>Where the last record ends, if the insert LSN is behind a page's header that nobody has written.</summary>
public sealed class WalLayoutTests
{
    [Theory]
    [InlineData("0/1000018", "0/1000018")] // within the long header of a segment, where no insert LSN ever is
    [InlineData("0/1000028", "0/1000000")] // behind it
    [InlineData("0/1002018", "0/1002000")] // behind a page's header
    [InlineData("0/1002028", "0/1002028")] // a record that continues on a page ends there
    [InlineData("0/1002000", "0/1002000")]
    [InlineData("0/1002058", "0/1002058")]
    public void EndBefore_InsertLsn_IsWhereTheLastRecordEnds(string insert, string end) =>
        Assert.Equal(Lsn.Parse(end), WalLayout.Usual.EndBefore(Lsn.Parse(insert)));
}
