using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Configuration;

/// <summary>What YARP finds wrong, as a fault.</summary>
internal static class YarpFault
{
    /// <summary>The way out for what no configuration has.</summary>
    public const string InCode =
        "What needs code runs in a host of your own, with the package 'Strangler.Hosting' (docs/packages.md).";

    private const int MaxNamed = 5;
    private const string Documented = "Correct it as described in YARP's documentation of its configuration.";

    /// <summary>
    /// How YARP begins or ends what it says of a transform, a policy or a provider that a host may have in its code.
    /// </summary>
    private static readonly string[] Unknown = ["Unknown transform", "No matching ", "not found"];

    public static Fault Of(string path, Exception exception)
    {
        var problem = exception.Message.EndsWith('.') ? exception.Message : $"{exception.Message}.";
        return new(
            path,
            problem,
            Unknown.Any(words => problem.Contains(words, StringComparison.Ordinal))
                ? $"{Documented} {InCode}"
                : Documented
        );
    }

    /// <summary>A value that can't be read. YARP's message has the value, and not where it is.</summary>
    /// <param name="proxy">YARP's section.</param>
    /// <param name="exception">What YARP threw.</param>
    public static Fault OfValue(IConfigurationSection proxy, Exception exception)
    {
        var places = proxy
            .AsEnumerable()
            .Where(setting =>
                setting.Value is { Length: > 0 } value
                && exception.Message.Contains($"'{value}'", StringComparison.Ordinal)
            )
            .Select(setting => setting.Key)
            .Order(StringComparer.Ordinal)
            .ToList();
        var fault = Of(places is [var only] ? only : proxy.Path, exception);
        return places.Count > 1
            ? fault with
            {
                Problem =
                    $"{fault.Problem} It is at {Sentence.List([.. places.Take(MaxNamed)])}"
                    + (places.Count > MaxNamed ? " and elsewhere." : "."),
            }
            : fault;
    }
}
