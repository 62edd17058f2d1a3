using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Configuration;

/// <summary>What YARP finds wrong, as a fault.</summary>
internal static class YarpFault
{
    public static Fault Of(string path, Exception exception) =>
        new(path, exception.Message, "Correct it as described in YARP's documentation of its configuration.");
}
