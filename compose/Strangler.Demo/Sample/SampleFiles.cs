namespace Strangler.Demo.Sample;

/// <summary>The built sample system.</summary>
/// <param name="Legacy">The legacy system's program.</param>
/// <param name="Projections">The assembly with its projections.</param>
/// <param name="Tables">The list of its tables, one per line.</param>
/// <param name="Faults">The assembly of projections with mistakes.</param>
/// <param name="FaultList">The list of these mistakes.</param>
public sealed record SampleFiles(string Legacy, string Projections, string Tables, string Faults, string FaultList)
{
    /// <summary>The layout in which the command's build copies them next to itself.</summary>
    public static SampleFiles Beside(string folder) =>
        new(
            Path.Combine(folder, "legacy", "Strangler.Legacy.dll"),
            Path.Combine(folder, "projections", "Strangler.Legacy.Projections.dll"),
            Path.Combine(folder, "legacy", "tables.txt"),
            Path.Combine(folder, "faults", "Strangler.Legacy.Faults.dll"),
            Path.Combine(folder, "faults", "faults.json")
        );
}
