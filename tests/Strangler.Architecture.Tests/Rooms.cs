namespace Strangler.Architecture.Tests;

/// <summary>What each project may reference. A new project is entered here first.</summary>
internal static class Rooms
{
    public const string Foundation = "Strangler.Foundation";
    public const string Positions = "Strangler.ChangeLog.Abstractions";
    public const string ChangeLog = "Strangler.ChangeLog";
    public const string KafkaLog = "Strangler.ChangeLog.Kafka";
    public const string CdcBridge = "Strangler.CdcBridge";
    public const string Contract = "Strangler.Projections.Abstractions";
    public const string Projections = "Strangler.Projections";
    public const string ProjectionsTesting = "Strangler.Projections.Testing";
    public const string Comparing = "Strangler.Comparing";
    public const string Evidence = "Strangler.Evidence";
    public const string Gateway = "Strangler.Gateway";
    public const string Hosting = "Strangler.Hosting";
    public const string Legacy = "Strangler.Legacy";
    public const string LegacyProjections = "Strangler.Legacy.Projections";
    public const string LegacyFaults = "Strangler.Legacy.Faults";
    public const string Demo = "Strangler.Demo";
    public const string SampleHost = "Strangler.SampleHost";
    public const string Cli = "Strangler.Cli";

    /// <summary>The folders that are rooms; each has a README.</summary>
    public static readonly string[] Folders =
    [
        "foundation",
        "cdc-bridge",
        "projections",
        "gateway",
        "compose",
        "tests",
    ];

    /// <summary>A project, and those of our projects that it may reference.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> MayReference = new Dictionary<string, string[]>
    {
        [Foundation] = [],
        [Positions] = [],
        [ChangeLog] = [Positions, Foundation],
        [KafkaLog] = [ChangeLog, Positions, Foundation],
        [CdcBridge] = [KafkaLog, ChangeLog, Positions, Foundation],
        [Contract] = [Positions],
        [Projections] = [Contract, KafkaLog, ChangeLog, Positions, Foundation],
        [ProjectionsTesting] = [Projections, Contract, ChangeLog, Positions, Foundation],
        [Comparing] = [Contract, Positions],
        [Evidence] = [Comparing, Contract, Positions, Foundation],
        [Gateway] = [Evidence, Comparing, Contract, Positions, Foundation],
        [Hosting] = [Gateway, Evidence, Comparing, Projections, Contract, ChangeLog, Positions, Foundation],
        [Legacy] = [],
        [LegacyProjections] = [Contract],
        [LegacyFaults] = [Contract, LegacyProjections],
        [Demo] = [Foundation],
        [SampleHost] = [Hosting],
        [Cli] = [Foundation, ChangeLog, Positions, CdcBridge, Contract, Projections, Evidence, Gateway, Hosting, Demo],
    };

    /// <summary>The namespaces of <see cref="Cli"/> that may reach <see cref="Demo"/>.</summary>
    public static readonly string[] MayReachDemo = ["Strangler.Cli.Demo"];

    /// <summary>The name of a project's assembly.</summary>
    public static string Assembly(string project) => project == Cli ? "strangler" : project;
}
