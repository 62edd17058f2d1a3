using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Tests.Shadowing;
using Strangler.Projections;
using Xunit;

namespace Strangler.Gateway.Tests.Lookup;

/// <summary>A host that isn't ours has a culture, by its LANG or by itself.</summary>
[Collection(nameof(Alone))]
public sealed class RespondCultureTests
{
    [Fact]
    public async Task Run_HostHasACulture_RespondWritesInTheInvariantOneAndTheHostKeepsIts()
    {
        var responder = new FakeResponder { Instead = _ => Answer.Json(200, Number()) };
        using var workers = new RespondWorkers(1, new FakeTimeProvider());
        var (before, beforeOfTexts) = (
            CultureInfo.DefaultThreadCurrentCulture,
            CultureInfo.DefaultThreadCurrentUICulture
        );
        try
        {
            CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = WithComma();

            var outcome = await workers.RunAsync(
                responder,
                new AnswerRequest("GET", new Dictionary<string, string>(), new Dictionary<string, string>(), null),
                [],
                TimeSpan.FromMinutes(1),
                new RespondGuard(),
                TestContext.Current.CancellationToken
            );
            var ofHost = await Task.Run(Number, TestContext.Current.CancellationToken);

            var made = Assert.IsType<RespondOutcome.Made>(outcome);
            Assert.Equal("-1.5", System.Text.Encoding.UTF8.GetString(made.Answer.Body.Span));
            Assert.Equal("~1,5"u8.ToArray(), ofHost);
        }
        finally
        {
            (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture) = (
                before,
                beforeOfTexts
            );
        }
    }

    /// <summary>As a team's code may write it, without a culture.</summary>
    private static byte[] Number() => System.Text.Encoding.UTF8.GetBytes($"{-1.5m}");

    private static CultureInfo WithComma()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NegativeSign) = (",", "~");
        return culture;
    }
}
