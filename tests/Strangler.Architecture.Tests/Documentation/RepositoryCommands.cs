using System.Text.RegularExpressions;

namespace Strangler.Architecture.Tests.Documentation;

/// <summary>What commands other than those of <c>strangler</c> name in the repository.</summary>
internal static partial class RepositoryCommands
{
    /// <summary>Pages whose commands name files that their reader writes.</summary>
    private static readonly string[] OfTheReader = ["docs/getting-started.md"];

    private static readonly HashSet<string> Types =
    [
        .. from path in Repository.Files
        where path.EndsWith(".cs", StringComparison.Ordinal)
        let place = Namespace().Match(File.ReadAllText(Repository.Full(path)))
        where place.Success
        select $"{place.Groups["name"].Value}.{Path.GetFileName(path).Split('.')[0]}",
    ];

    private static readonly HashSet<string> TestOptions =
    [
        .. TestCase().Matches(File.ReadAllText(Repository.Full("test"))).Select(option => option.Value),
    ];

    private static readonly HashSet<string> ComposeWords =
    [
        .. ComposeNames()
            .Matches(File.ReadAllText(Repository.Full("compose/compose.yaml")))
            .SelectMany(match => match.Groups["name"].Captures.Select(name => name.Value)),
    ];

    private static readonly HashSet<string> LegacyOptions = OptionsOfLegacy();

    /// <summary>The paths, scripts, classes, options and services that don't exist.</summary>
    /// <param name="page">Its path.</param>
    /// <param name="code">An inline span, or a line of a block.</param>
    public static IEnumerable<string> Unknown(string page, string code) =>
        from found in Named(code)
        where !found.Known && !(OfTheReader.Contains(page) && found.IsPath)
        select found.Text;

    private static IEnumerable<(string Text, bool Known, bool IsPath)> Named(string code)
    {
        foreach (Match path in PathArgument().Matches(code))
            yield return (path.Value, Exists(path.Groups["path"].Value), true);
        foreach (Match path in PathOfARoom().Matches(code))
            yield return (path.Value, Exists(path.Value.Split("/bin/")[0]), true);
        foreach (Match script in Script().Matches(code))
            yield return (script.Value, Exists(script.Groups["path"].Value), true);
        foreach (Match assembly in TestAssembly().Matches(code))
            yield return (assembly.Value, Exists($"tests/{assembly.Groups["name"].Value}"), false);
        foreach (Match type in Class().Matches(code))
            yield return (type.Value, Types.Contains(type.Groups["name"].Value), false);
        if (Test().Match(code) is { Success: true } test)
        {
            foreach (Match option in LongOption().Matches(test.Groups["arguments"].Value))
                yield return ($"./test {option.Value}", TestOptions.Contains(option.Value), false);
        }
        if (code.Contains("docker compose", StringComparison.Ordinal))
        {
            foreach (Match name in ComposeArgument().Matches(code))
                yield return (name.Value, ComposeWords.Contains(name.Groups["name"].Value), false);
        }
        if (Legacy().Match(code) is { Success: true } legacy)
        {
            foreach (Match option in LongOption().Matches(legacy.Groups["arguments"].Value))
                yield return (option.Value, LegacyOptions.Contains(option.Value), false);
        }
    }

    private static HashSet<string> OptionsOfLegacy()
    {
        using var assembly = AssemblyReferences.Of(Rooms.Legacy);
        return [.. assembly.Texts().SelectMany(text => LongOption().Matches(text)).Select(option => option.Value)];
    }

    private static bool Exists(string path) =>
        Repository.Files.Contains(path)
        || Repository.Files.Any(file => file.StartsWith($"{path.TrimEnd('/')}/", StringComparison.Ordinal));

    private const string Room = "(?:foundation|cdc-bridge|projections|gateway|compose|tests|docs)/";

    [GeneratedRegex(
        $@"(?:--project|docker compose -f|dotnet (?:build|test|publish)) (?!{Room})(?<path>[A-Za-z][\w./-]*)"
    )]
    private static partial Regex PathArgument();

    /// <summary>A place in the sources, and not a key, a URL or a package.</summary>
    [GeneratedRegex($@"(?<![\w./…-]){Room}[\w./-]*\w")]
    private static partial Regex PathOfARoom();

    [GeneratedRegex(
        @"(?:^|(?<=[;&|$] ))\./(?<path>[\w-]+)(?=\s|$)" + $@"|\b(?:bash|sh) (?!{Room})(?<path>[A-Za-z][\w./-]*)"
    )]
    private static partial Regex Script();

    [GeneratedRegex(@"(?<![\w/])(?<name>Strangler\.\w+\.Tests)\.dll")]
    private static partial Regex TestAssembly();

    [GeneratedRegex(@"(?<=\s)-class (?<name>[\w.]+)")]
    private static partial Regex Class();

    [GeneratedRegex(@"(?:^|\s)\./test(?<arguments>( [^#;&|]*)?)")]
    private static partial Regex Test();

    [GeneratedRegex(@"(?:--profile|\bexec(?= \w)) (?<name>[\w-]+)")]
    private static partial Regex ComposeArgument();

    [GeneratedRegex(@"\bStrangler\.Legacy\.dll(?<arguments>[^#]*)")]
    private static partial Regex Legacy();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]*")]
    private static partial Regex LongOption();

    [GeneratedRegex(@"(?<=^ *)--[a-z-]+(?=\))", RegexOptions.Multiline)]
    private static partial Regex TestCase();

    /// <summary>A service's name, and those of its profiles.</summary>
    [GeneratedRegex("""^  (?<name>[\w-]+):\s*$|profiles: \[(?:"(?<name>\w+)"(?:, )?)+\]""", RegexOptions.Multiline)]
    private static partial Regex ComposeNames();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
