using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Http;

namespace Strangler.Gateway.Configuration;

/// <summary>Reads which forms of its path a route ignores.</summary>
internal static class PathFormsReader
{
    /// <summary>The forms, as people write them.</summary>
    private static readonly (string Text, PathForms Form)[] Known =
    [
        ("case", PathForms.Case),
        ("trailing-slash", PathForms.TrailingSlash),
    ];

    /// <param name="section">The list.</param>
    /// <param name="faults">Where faults are added.</param>
    public static PathForms Read(IConfigurationSection section, List<Fault> faults)
    {
        const string WayOut = "Write a list of 'case' and 'trailing-slash', or one of them.";
        if (section.Value is { Length: > 0 })
            faults.Add(new Fault(section.Path, "It is a text where a list is needed.", WayOut));
        var forms = PathForms.None;
        foreach (var child in section.GetChildren())
        {
            var (text, form) = Known.FirstOrDefault(known => known.Text == child.Value);
            if (text is null)
                faults.Add(new Fault(child.Path, $"'{child.Value}' is not a form of a path.", WayOut));
            forms |= form;
        }
        return forms;
    }

    /// <summary>The forms as lines: which requests a route answers.</summary>
    public static IEnumerable<string> Shape(PathForms forms) =>
        from known in Known
        where forms.HasFlag(known.Form)
        select $"ignored form {known.Text}";
}
