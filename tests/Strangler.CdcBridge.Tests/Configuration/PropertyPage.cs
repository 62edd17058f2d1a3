using System.Text;
using Strangler.CdcBridge.Configuration;

namespace Strangler.CdcBridge.Tests.Configuration;

/// <summary>The page <c>cdc-bridge/properties.md</c>, made from the rules.</summary>
internal static class PropertyPage
{
    public static string Text()
    {
        var page = new StringBuilder(
            """
            # Properties

            Every property of Debezium's PostgreSQL connector 3.6.1, and what the bridge does with it.
            A test writes this page from the code: `STRANGLER_GOLDEN=write`.

            - **honoured**: it does here what it does there.
            - **without effect**: it only tunes the JVM or Kafka Connect; the log names it once.
            - **refused**: it is a fault, unless it has a value under which ignoring it changes nothing.

            The column `strangler` says what differs in the format `strangler`: a fixed value, or another treatment.
            The properties of a connector's file are those of the section `Source` of `strangler.json`.

            ## Connector

            | Property | Default | Treated as | `strangler` | Note |
            |-|-|-|-|-|

            """
        );
        foreach (var rule in PropertyTable.All)
            page.Append("| ")
                .AppendJoin(" | ", Code(rule.Name), Code(rule.Default), Treatment(rule), InStrangler(rule), Note(rule))
                .Append(" |\n");
        page.Append(
            """

            ## Outbox event router

            A configuration has them as `transforms.ALIAS.NAME`.

            | Property | Default | Treated as | Note |
            |-|-|-|-|

            """
        );
        AppendShort(page, OutboxRules.All);
        page.Append(
            """

            ## Kafka Connect worker

            The worker's file and the section `Kafka` of `strangler.json` have the same names.

            | Property | Default | Treated as | Note |
            |-|-|-|-|

            """
        );
        AppendShort(page, WorkerRules.All);
        return page.ToString();
    }

    private static void AppendShort(StringBuilder page, IEnumerable<PropertyRule> rules)
    {
        foreach (var rule in rules)
            page.Append("| ")
                .AppendJoin(" | ", Code(rule.Name), Code(rule.Default), Treatment(rule), Note(rule))
                .Append(" |\n");
    }

    private static string Treatment(PropertyRule rule) =>
        rule.Treatment switch
        {
            PropertyTreatment.Honoured => rule.IsOwn ? "honoured, Strangler's own" : "honoured",
            PropertyTreatment.WithoutEffect => "without effect",
            _ => "refused",
        };

    private static string InStrangler(PropertyRule rule) =>
        rule.Fixed.Count > 0 ? $"only {Codes(rule.Fixed)}"
        : rule.InStrangler is PropertyTreatment.WithoutEffect ? "without effect"
        : rule.InStrangler is PropertyTreatment.Refused ? "refused"
        : rule.Preset is { } preset ? $"default {Code(preset)}"
        : "";

    private static string Note(PropertyRule rule)
    {
        string[] parts = [rule.Note, rule.Accepted.Count > 0 ? $"Accepted: {Codes(rule.Accepted)}." : ""];
        return Cell(string.Join(' ', parts.Where(part => part.Length > 0)));
    }

    private static string Codes(IEnumerable<string> texts) => string.Join(", ", texts.Select(Code));

    private static string Code(string text) => text.Length == 0 ? "" : $"`{Cell(text)}`";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
