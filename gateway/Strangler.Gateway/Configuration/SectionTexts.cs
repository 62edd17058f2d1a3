using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Configuration;

/// <summary>Reads lists of texts. A single text, or an empty one in the list, is a fault.</summary>
internal static class SectionTexts
{
    public static IReadOnlyList<string> Read(IConfigurationSection section, string member, List<Fault> faults)
    {
        var list = section.GetSection(member);
        if (list.Value is { Length: > 0 })
            faults.Add(
                new Fault(list.Path, "It is a text where a list is needed.", "Write it in brackets: [\"text\"].")
            );
        var texts = list.GetChildren().Select(entry => entry.Value ?? "").ToList();
        if (texts.Exists(string.IsNullOrWhiteSpace))
            faults.Add(new Fault(list.Path, "An entry of the list is empty.", "Remove it, or write a text."));
        return texts;
    }
}
