using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Strangler.Architecture.Tests.Documentation;
using Strangler.Cli;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.Architecture.Tests.Names;

/// <summary>Other names that scripts, unit files and operators use. Strings are found in the code.</summary>
public sealed partial class InterfaceTests
{
    [Fact]
    public void Names_ThatOthersWriteDown_AreTheApproved() =>
        ApprovedNames.Equal(
            "interfaces",
            "Commands, headers, variables and other names that scripts, clients and operators write down.",
            Lists()
                .SelectMany(
                    (list, i) =>
                        (string[])
                            [.. i == 0 ? [] : new[] { "" }, list.Name, .. list.Names.Select(name => $"    {name}")]
                )
        );

    private static IEnumerable<(string Name, IEnumerable<string> Names)> Lists() =>
        [
            ("commands and options", Commands()),
            ("exit codes", ExitCodes()),
            ("HTTP headers", Texts("^Strangler-[A-Z][A-Za-z-]+$")),
            (
                "paths of the admin API and of moments, and parts of them",
                Texts("^/?(moments/|/[a-z{])[a-zA-Z{}*/]*$", Rooms.Gateway, Rooms.Projections)
            ),
            ("environment variables", Texts("^(STRANGLER|OTEL|DOTNET)_[A-Z_]+$")),
            ("files and labels", Texts(@"^strangler\.(?!dll)[a-z]+$")),
            ("channels, tables and logins of PostgreSQL", Texts("^(listen )?strangler_[a-z_]+$")),
            ("beginnings of names of PostgreSQL's locks and sessions", Texts("^strangler (?!migrate|up)[a-z]+ ?$")),
            ("headers of records", Texts(@"^__[a-z]+\.[a-z.]+$")),
            ("failpoints", Texts(@"^(bridge|projections)\.[a-z]+-[a-z-]+$")),
            ("beginnings of log categories", Categories()),
        ];

    private static IEnumerable<string> Commands() =>
        StranglerCommands
            .All.OrderBy(command => command.Key, StringComparer.Ordinal)
            .Select(command =>
                $"{command.Key} {string.Join(' ', command.Value.Order(StringComparer.Ordinal))}".TrimEnd()
            );

    private static IEnumerable<string> ExitCodes() =>
        [
            $"{ExitCode.Success} done",
            $"{ExitCode.Defect} a defect of Strangler",
            $"{ExitCode.Fault} a fault that a person has to fix",
            $"{ExitCode.StartAgain} to be started again",
            $"{ExitCode.ReportSaysNo} a term of --fail-on holds",
            $"{CommandRun.Interrupted} ended by Ctrl-C",
        ];

    private static IEnumerable<string> Texts(string pattern, params string[] projects)
    {
        var form = new Regex(pattern, RegexOptions.CultureInvariant);
        return (projects is [] ? Rooms.MayReference.Keys : projects)
            .SelectMany(project =>
            {
                using var assembly = AssemblyReferences.Of(project);
                return assembly.Texts().Where(text => form.IsMatch(text)).ToList();
            })
            .Select(text => text.TrimEnd())
            .Distinct()
            .Order(StringComparer.Ordinal);
    }

    /// <summary>A category is the name of a type, or a literal. People filter by its prefix.</summary>
    private static IEnumerable<string> Categories() =>
        Rooms
            .MayReference.Keys.SelectMany(project => Assembly.Load(Rooms.Assembly(project)).GetTypes())
            .SelectMany(type => type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public))
            .Select(field => field.FieldType)
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ILogger<>))
            .Select(type => type.GetGenericArguments()[0].FullName!)
            .Concat(Texts(@"^Strangler(\.[A-Z]\w+)*$"))
            .Where(name => name.StartsWith("Strangler", StringComparison.Ordinal))
            .Select(name => string.Join('.', name.Split('.').Take(2)))
            .Distinct()
            .Order(StringComparer.Ordinal);
}
