using Strangler.Demo.Postgres;

namespace Strangler.Demo.Sample;

/// <summary>How the sample system is created.</summary>
/// <param name="Provision">How this machine provides a PostgreSQL server.</param>
/// <param name="Files">Its programs.</param>
/// <param name="Items">How many items the shop has.</param>
/// <param name="Say">Gets a line before each step.</param>
public sealed record SampleOptions(PostgresProvision Provision, SampleFiles Files, int Items, Action<string> Say)
{
    /// <summary>How it differs from the usual one.</summary>
    public SampleVariant Variant { get; init; } = SampleVariant.Usual;

    /// <summary>
    /// Whether the legacy system yields the processor to everything else, as <see cref="Processes.LowPriority"/>
    /// describes; not for measurements.
    /// </summary>
    public bool LegacyYields { get; init; }

    /// <summary>Lines of the source's postgresql.conf in addition to ours.</summary>
    public IReadOnlyDictionary<string, string>? SourceSettings { get; init; }
}
