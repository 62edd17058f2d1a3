namespace Strangler.Packages.Tests;

/// <summary>The lines by which <c>docs/getting-started.md</c> turns a host of YARP into one of Strangler.</summary>
internal static class DocumentedDiff
{
    /// <summary>
    /// Adds what the diff adds, each line after the one before it in the diff, or at the beginning if the host doesn't
    /// have that one; and removes what it removes.
    /// </summary>
    /// <param name="file">The file in the diff.</param>
    /// <param name="text">The host's own.</param>
    public static string Apply(string file, string text)
    {
        var lines = text.Split('\n').ToList();
        var place = 0;
        foreach (var line in Of(file).Where(line => line != "@@"))
        {
            if (line[0] == '+')
            {
                lines.Insert(place++, line[1..]);
                continue;
            }
            var index = lines.IndexOf(line[1..]);
            place = index + 1;
            if (line[0] == '-')
                lines.RemoveAt(--place); // throws for a line that the host doesn't have
        }
        return string.Join('\n', lines);
    }

    private static string[] Of(string file)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "getting-started.md"));
        var diff = page.Split("```diff\n")[1].Split("```")[0];
        return diff.Split($"+++ {file}\n")[1].Split("+++ ")[0].TrimEnd('\n').Split('\n');
    }
}
