using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Configuration;

/// <summary>What YARP finds wrong, as a fault.</summary>
internal static class YarpFault
{
    private const int MaxNamed = 5;

    public static Fault Of(string path, Exception exception) =>
        new(path, exception.Message, "Correct it as described in YARP's documentation of its configuration.");

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
