using System.Text.RegularExpressions;
using Xunit;

namespace Strangler.Architecture.Tests;

public sealed partial class FileTests
{
    [Fact]
    public void Room_HasAReadme() =>
        Assert.Empty(Rooms.Folders.Where(room => !File.Exists(Repository.Full($"{room}/README.md"))).ToList());

    [Fact]
    public void Text_File_NamesNoPlaceOfOneMachine()
    {
        var found = Repository
            .Files.Where(IsText)
            .SelectMany(file =>
                File.ReadLines(Repository.Full(file))
                    .Select((line, index) => (Where: $"{file}:{index + 1}", Line: line))
            )
            .Where(line => MachinePath().IsMatch(line.Line))
            .Select(line => $"{line.Where}: {line.Line.Trim()}");

        Assert.Empty(found);
    }

    [Theory]
    [InlineData("open /{0}/tree", "work", true)]
    [InlineData("~ is /{0}/.nuget", "root", true)]
    [InlineData("in /{0}/jo/src", "home", true)]
    [InlineData("on C:\\{0}\\jo", "Users", true)]
    [InlineData("a route /{0}", "homepage", false)]
    [InlineData("the network/{0} ratio", "work", false)]
    public void MachinePath_Line_IsTold(string form, string word, bool told) =>
        Assert.Equal(
            told,
            MachinePath().IsMatch(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, word))
        );

    private static bool IsText(string file)
    {
        using var stream = File.OpenRead(Repository.Full(file));
        Span<byte> head = stackalloc byte[4096];
        head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        return !head.Contains((byte)0);
    }

    [GeneratedRegex(@"(?<![\w.])/(work|root|home/\w+)/|[A-Za-z]:\\Users\\")]
    private static partial Regex MachinePath();
}
