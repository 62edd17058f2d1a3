using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Configuration;

/// <summary>
/// Finds sections of YARP's own host that have no effect here. A gateway starts with them, and a person should know.
/// </summary>
internal static class UnreadSections
{
    private static readonly (string Section, string WayOut)[] Sections =
    [
        ("Services", "Write out the addresses of destinations: the command doesn't discover services."),
        ("StaticFiles", "Let another server serve the files, and route to it."),
        ("NavigationFallback", "Let another server serve the file, and route to it."),
    ];

    public static IEnumerable<Fault> Find(IConfiguration configuration) =>
        from section in configuration.GetChildren()
        from known in Sections
        where section.Key.Equals(known.Section, StringComparison.OrdinalIgnoreCase) && section.GetChildren().Any()
        select new Fault(known.Section, "The section has no effect here.", known.WayOut);
}
