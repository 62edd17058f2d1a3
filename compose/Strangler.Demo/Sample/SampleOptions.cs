using Strangler.Demo.Postgres;

namespace Strangler.Demo.Sample;

/// <summary>How the sample system is made.</summary>
/// <param name="Provision">How this machine comes to a PostgreSQL server.</param>
/// <param name="Files">Its programs.</param>
/// <param name="Items">How many items the shop has.</param>
/// <param name="Say">Gets a line before each step.</param>
public sealed record SampleOptions(PostgresProvision Provision, SampleFiles Files, int Items, Action<string> Say)
{
    /// <summary>In what it differs from the usual one.</summary>
    public SampleVariant Variant { get; init; } = SampleVariant.Usual;

    /// <summary>
    /// Whether the legacy system yields the processor to everybody else, as <see cref="Processes.LowPriority"/> says;
    /// measuring wants it not to.
    /// </summary>
    public bool LegacyYields { get; init; }

    /// <summary>Lines of postgresql.conf of the source, beyond ours.</summary>
    public IReadOnlyDictionary<string, string>? SourceSettings { get; init; }
}
