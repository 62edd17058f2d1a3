using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Http;

namespace Strangler.Gateway.Configuration;

/// <summary>Reads <c>Strangler:AuthorizeBy</c>, or its faults.</summary>
internal static class AuthorizeByConfigReader
{
    private const string PathMember = "Path";
    private const string HeadersMember = "Headers";
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(10);

    /// <param name="section">The section.</param>
    /// <param name="parameters">The names in the route's template. Null if it isn't valid.</param>
    /// <param name="faults">Where faults are added.</param>
    /// <returns>Null if the section doesn't exist.</returns>
    public static AuthorizeByModel? Read(
        IConfigurationSection section,
        IReadOnlyList<string>? parameters,
        List<Fault> faults
    )
    {
        if (!section.Exists())
            return null;
        UnknownMembers.Find(section, [PathMember, HeadersMember, "Timeout", "For"], faults);
        var target = new TargetTemplate(section[PathMember] ?? "");
        if (!target.IsTarget)
            Add(
                PathMember,
                target.Text.Length == 0 ? "Nothing says what legacy is asked." : $"'{target.Text}' is not a path.",
                "Write a path of legacy that answers 200 only to callers who may see the route, as in '/access/{sku}'."
            );
        foreach (
            var name in target.Names.Where(name =>
                parameters?.Contains(name, StringComparer.OrdinalIgnoreCase) == false
            )
        )
            Add(PathMember, $"The route's path has no value '{name}'.", "Name one that it has, or leave it out.");
        var headers = SectionTexts.Read(section, HeadersMember, faults);
        foreach (var name in headers.Where(name => name.Length > 0 && !HeaderNames.IsName(name)))
            Add(HeadersMember, $"'{name}' is not the name of a header.", "Write it as 'X-Tenant'.");
        var values = new SectionValues(section, faults);
        return new AuthorizeByModel(
            target,
            [.. headers],
            values.Time("Timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
            values.Time("For", TimeSpan.FromSeconds(5), TimeSpan.Zero, MaxTime)
        );

        void Add(string member, string problem, string wayOut) =>
            faults.Add(new Fault($"{section.Path}:{member}", problem, wayOut));
    }
}
