using Confluent.Kafka;
using Microsoft.Extensions.Time.Testing;
using Strangler.ChangeLog.Kafka.Client;
using Xunit;

namespace Strangler.ChangeLog.Tests.Kafka;

/// <summary>Of what a client said, the error is kept that says most.</summary>
public sealed class ClientErrorsTests
{
    [Theory]
    [InlineData(ErrorCode.Local_Transport, ErrorCode.Local_AllBrokersDown, ErrorCode.Local_Transport)]
    [InlineData(ErrorCode.Local_AllBrokersDown, ErrorCode.Local_Transport, ErrorCode.Local_Transport)]
    [InlineData(ErrorCode.Local_Authentication, ErrorCode.Local_AllBrokersDown, ErrorCode.Local_Authentication)]
    [InlineData(ErrorCode.SaslAuthenticationFailed, ErrorCode.Local_Transport, ErrorCode.SaslAuthenticationFailed)]
    [InlineData(ErrorCode.Local_Resolve, ErrorCode.Local_Authentication, ErrorCode.Local_Authentication)]
    [InlineData(ErrorCode.Local_Resolve, ErrorCode.Local_Transport, ErrorCode.Local_Transport)]
    public void Last_OfTwo_IsTheOneThatSaysMore(ErrorCode first, ErrorCode second, ErrorCode kept)
    {
        var errors = new ClientErrors(TimeProvider.System);

        errors.Add(new Error(first, $"{first}"));
        errors.Add(new Error(second, $"{second}"));

        Assert.Equal($"{kept}", errors.Last);
        Assert.Equal(kept is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed, errors.IsRefused);
    }

    /// <summary>The credentials were corrected, and later the broker went away.</summary>
    [Fact]
    public void Last_RefusalLongAgo_IsNoLongerTheReason()
    {
        var time = new FakeTimeProvider();
        var errors = new ClientErrors(time);
        errors.Add(new Error(ErrorCode.SaslAuthenticationFailed, "refused"));

        time.Advance(TimeSpan.FromMinutes(2));
        errors.Add(new Error(ErrorCode.Local_Transport, "away"));

        Assert.Equal(("away", false), (errors.Last, errors.IsRefused));
    }
}
