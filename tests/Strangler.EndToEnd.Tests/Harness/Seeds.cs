using System.Globalization;
using System.Security.Cryptography;
using Xunit;

namespace Strangler.EndToEnd.Tests.Harness;

/// <summary>
/// The seeds of a test's random numbers: different in every run, and printed, so that a run can be repeated.
/// </summary>
internal static class Seeds
{
    private const string Variable = "STRANGLER_SEED";
    private const int Most = 100_000_000;

    /// <summary>
    /// A new seed, or that of the environment variable <c>STRANGLER_SEED</c>. It is in the test's output.
    /// </summary>
    public static int Next()
    {
        var seed = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
            ? int.Parse(given, NumberStyles.None, CultureInfo.InvariantCulture)
            : RandomNumberGenerator.GetInt32(Most);
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"The same again: {Variable}={seed}")
        );
        return seed;
    }
}
