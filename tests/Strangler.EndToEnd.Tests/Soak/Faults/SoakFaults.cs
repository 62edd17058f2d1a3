namespace Strangler.EndToEnd.Tests.Soak.Faults;

/// <summary>The faults of the soak.</summary>
internal static class SoakFaults
{
    /// <summary>All.</summary>
    public static IReadOnlyList<SoakFault> Known { get; } =
    [
        .. ProcessFaults.All,
        .. ServerFaults.Own,
        .. ServerFaults.History,
        .. TableFaults.Names,
        .. TableFaults.Partitions,
        .. TableFaults.Values,
        .. TableFaults.Publications,
        .. ValueFaults.All,
        RequestFaults.Upload,
        RequestFaults.Migrate,
    ];

    /// <summary>
    /// Those that the product doesn't withstand yet. <c>STRANGLER_SOAK_ONLY</c> does them.
    /// </summary>
    private static readonly HashSet<string> Unmended =
    [
        "store put back to an older copy",
        "slot dropped",
        "new snapshot asked for",
    ];

    /// <summary>Those of the long soak.</summary>
    public static IReadOnlyList<SoakFault> All { get; } =
        [.. Known.Where(fault => !Unmended.Contains(fault.Name))];

    /// <summary>Those of the short soak: quick ones, none of which copies a cluster.</summary>
    public static IReadOnlyList<SoakFault> Some { get; } =
    [
        .. All.Where(fault => fault.Name is "bridge killed" or "projections killed" or "source crashes" or "store hangs"
            or "column dropped and added with another default" or "table truncated"),
    ];
}
