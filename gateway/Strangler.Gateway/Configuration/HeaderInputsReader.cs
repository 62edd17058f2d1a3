using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Http;

namespace Strangler.Gateway.Configuration;

/// <summary>Reads what a route says of request headers, or its faults.</summary>
internal static class HeaderInputsReader
{
    public const string DeclaredMember = "Headers";
    public const string IgnoredMember = "IgnoreHeaders";
    public const string DefaultsMember = "HeaderDefaults";
    private const string Origin = "Origin";

    /// <param name="section">The section <c>Strangler</c>.</param>
    /// <param name="faults">Where faults are added.</param>
    /// <param name="hasCors">Whether a policy of the route answers what <c>Origin</c> asks.</param>
    public static HeaderInputs Read(IConfigurationSection section, List<Fault> faults, bool hasCors = false)
    {
        var declared = Names(section, DeclaredMember, faults);
        var ignored = Names(section, IgnoredMember, faults);
        if (hasCors && !declared.Contains(Origin) && !section.GetSection($"{DefaultsMember}:{Origin}").Exists())
            ignored.Add(Origin);
        var defaults = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in section.GetSection(DefaultsMember).GetChildren())
        {
            CheckName(header.Key, header.Path, faults);
            string?[] values = header.Value is { } one ? [one] : [.. header.GetChildren().Select(value => value.Value)];
            defaults[header.Key] = [.. values.OfType<string>().Select(value => value.Trim())];
        }
        foreach (var name in declared.Intersect(ignored, StringComparer.OrdinalIgnoreCase))
            faults.Add(
                new Fault(
                    $"{section.Path}:{IgnoredMember}",
                    $"The header '{name}' is in '{DeclaredMember}' too: legacy's answer depends on it, or it doesn't.",
                    "Leave it out of one of them."
                )
            );
        return new HeaderInputs(
            declared.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            ignored.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            defaults.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase)
        );
    }

    private static HashSet<string> Names(IConfigurationSection section, string member, List<Fault> faults)
    {
        var names = SectionTexts.Read(section, member, faults);
        foreach (var name in names.Where(name => !string.IsNullOrWhiteSpace(name)))
            CheckName(name, $"{section.Path}:{member}", faults);
        return names.ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static void CheckName(string name, string path, List<Fault> faults)
    {
        if (!HeaderNames.IsName(name))
            faults.Add(new Fault(path, $"'{name}' is not the name of a header.", "Write it as 'Accept-Language'."));
        else if (CredentialHeaders.Find(name) is not null)
            faults.Add(
                new Fault(
                    path,
                    $"The header '{name}' identifies the caller, and isn't an input.",
                    "Say who may see the route's answers: 'Anonymous', or an authorization policy."
                )
            );
    }
}
