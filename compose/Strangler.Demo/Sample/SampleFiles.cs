namespace Strangler.Demo.Sample;

/// <summary>The built sample system.</summary>
/// <param name="Legacy">The legacy system's program.</param>
/// <param name="Projections">The assembly with its projections.</param>
/// <param name="Tables">The list of its tables, a line each.</param>
/// <param name="Faults">The assembly with projections that have a mistake.</param>
/// <param name="FaultList">The list of those.</param>
public sealed record SampleFiles(string Legacy, string Projections, string Tables, string Faults, string FaultList)
{
    /// <summary>As the build of the command lays them beside itself.</summary>
    public static SampleFiles Beside(string folder) =>
        new(
            Path.Combine(folder, "legacy", "Strangler.Legacy.dll"),
            Path.Combine(folder, "projections", "Strangler.Legacy.Projections.dll"),
            Path.Combine(folder, "legacy", "tables.txt"),
            Path.Combine(folder, "faults", "Strangler.Legacy.Faults.dll"),
            Path.Combine(folder, "faults", "faults.json")
        );
}
