using System.Text.RegularExpressions;

namespace Strangler.EndToEnd.Tests.Guide;

/// <summary>A page that leads its reader through steps, each a block of code. No block is skipped but a diff.</summary>
internal static partial class GuidePage
{
    private const string Fence = "```";
    private const string Prompt = "$ ";

    /// <summary>Its steps, in order.</summary>
    /// <exception cref="FormatException">It is unclear what a reader does with a block.</exception>
    public static IReadOnlyList<GuideStep> Steps(string markdown)
    {
        var steps = new List<GuideStep>();
        var (heading, said) = ("", "");
        var lines = markdown.Split('\n');
        for (var at = 0; at < lines.Length; at++)
        {
            if (lines[at].StartsWith(Fence, StringComparison.Ordinal))
            {
                var block = lines.Skip(at + 1).TakeWhile(line => line != Fence).ToList();
                var place = new Place(heading, at + 1);
                steps.AddRange(StepsOf(place, said, lines[at][Fence.Length..], block));
                at += block.Count + 1;
            }
            else if (Heading().Match(lines[at]) is { Success: true } found)
                heading = found.Groups["text"].Value;
            else if (lines[at].Length > 0)
                said = lines[at];
        }
        return steps;
    }

    /// <param name="place">The fence.</param>
    /// <param name="said">The line of prose above it.</param>
    /// <param name="language">The language after the fence.</param>
    /// <param name="block">The lines within.</param>
    private static IEnumerable<GuideStep> StepsOf(
        Place place,
        string said,
        string language,
        IReadOnlyList<string> block
    )
    {
        var text = string.Concat(block.Select(line => line + '\n'));
        if (FileToWrite().Match(said) is { Success: true } file)
            return [new GuideStep.Write(place, file.Groups["file"].Value, text)];
        return language switch
        {
            "bash" => [new GuideStep.Run(place, text)],
            "sql" => [new GuideStep.Query(place, text)],
            "diff" => [], // of another system, which a test of its own starts
            "" when text.StartsWith(Prompt, StringComparison.Ordinal) => Typed(place, block),
            _ => throw new FormatException($"Nobody can say what a reader does with the block at {place}."),
        };
    }

    private static IEnumerable<GuideStep> Typed(Place place, IReadOnlyList<string> block)
    {
        for (var at = 0; at < block.Count; )
        {
            var command = place with { Line = place.Line + at + 1 };
            var output = block.Skip(at + 1).TakeWhile(line => !line.StartsWith(Prompt, StringComparison.Ordinal));
            var lines = output.ToList();
            yield return new GuideStep.Type(command, block[at][Prompt.Length..], string.Join('\n', lines));
            at += lines.Count + 1;
        }
    }

    [GeneratedRegex("^#+ +(?<text>.*)$")]
    private static partial Regex Heading();

    [GeneratedRegex("^Write `(?<file>[^`]+)`")]
    private static partial Regex FileToWrite();
}
