using System.CommandLine;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Strangler.Architecture.Tests.Documentation;

/// <summary>The commands of <c>strangler</c> as its parser defines them, and how text uses them.</summary>
internal static partial class StranglerCommands
{
    private const string Program = "strangler";
    private static readonly string[] OfAll = ["--help", "--version"];
    private static readonly string[] Ends = ["|", "||", "&&", ";", "#", "&"];

    /// <summary>Name, with the command above it, and the names of its options.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> All { get; } =
        Assembly
            .Load(Program)
            .GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(method => method.ReturnType == typeof(Command) && method.GetParameters().Length == 0)
            .Select(method => (Command)method.Invoke(null, null)!)
            .SelectMany(command => Named("", command))
            .ToDictionary(named => named.Name, named => (IReadOnlySet<string>)Options(named.Command));

    /// <summary>What a piece of code says about <c>strangler</c> that its parser doesn't know.</summary>
    /// <param name="code">An inline span, or a line of a block.</param>
    public static IEnumerable<string> Unknown(string code)
    {
        foreach (Match quoted in Quoted().Matches(code))
        {
            foreach (var unknown in Unknown(quoted.Groups["command"].Value))
                yield return unknown;
        }
        var words = code.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 0 && All.ContainsKey(words[0]))
        {
            foreach (var unknown in UnknownWords(words))
                yield return unknown;
        }
        for (var i = 0; i + 1 < words.Length; i++)
        {
            if (words[i] is not (Program or "./" + Program) || !IsCommandPlace(words, i))
                continue;
            var name = Name(words[i + 1]);
            if (name == Program)
                continue;
            if (name.StartsWith("--", StringComparison.Ordinal))
            {
                if (!OfAll.Contains(name))
                    yield return $"{Program} {name}";
            }
            else if (Word().IsMatch(name) && !All.ContainsKey(name))
                yield return $"{Program} {name}";
            else if (All.ContainsKey(name))
            {
                foreach (var unknown in UnknownWords(words[(i + 1)..]))
                    yield return unknown;
            }
        }
    }

    /// <summary>The unknown subcommand, or the unknown options, of a known command.</summary>
    private static IEnumerable<string> UnknownWords(string[] words)
    {
        var (name, rest) = (Name(words[0]), words[1..]);
        // in 'strangler bridge, slot NAME' the command ends
        if (name == words[0] && HasSubcommands(name) && rest is [var next, ..] && Word().IsMatch(Name(next)))
            (name, rest) = ($"{name} {Name(next)}", rest[1..]);
        return All.ContainsKey(name) ? UnknownOptions(name, rest) : [$"{Program} {name}"];
    }

    private static string Name(string word) => word.TrimEnd(';', ',', '.');

    private static bool HasSubcommands(string command) =>
        All.Keys.Any(name => name.StartsWith($"{command} ", StringComparison.Ordinal));

    private static IEnumerable<string> UnknownOptions(string command, IEnumerable<string> words) =>
        from word in words.TakeWhile(word => !Ends.Contains(word))
        let option = Option().Match(word)
        where option.Success && !All[command].Contains(option.Value) && !OfAll.Contains(option.Value)
        select $"{Program} {command} {option.Value}";

    /// <summary>In 'create role strangler login' it is another program's word.</summary>
    private static bool IsCommandPlace(string[] words, int at) =>
        at == 0
        || words[at - 1] is "$" or Program or "exec"
        || words[at - 1].EndsWith(';')
        || Ends.Contains(words[at - 1])
        || Assignment().IsMatch(words[at - 1]);

    private static IEnumerable<(string Name, Command Command)> Named(string above, Command command) =>
        command
            .Subcommands.SelectMany(below => Named($"{above}{command.Name} ", below))
            .Prepend(($"{above}{command.Name}", command));

    private static HashSet<string> Options(Command command) =>
        command.Options.SelectMany(option => option.Aliases.Append(option.Name)).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex("'(?<command>strangler [^']+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex("^[a-z][a-z-]*$")]
    private static partial Regex Word();

    [GeneratedRegex("(?<=^\\[?)--[a-z][a-z-]*")]
    private static partial Regex Option();

    [GeneratedRegex("^[A-Z_][A-Za-z0-9_.]*=")]
    private static partial Regex Assignment();
}
