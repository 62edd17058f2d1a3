namespace Strangler.EndToEnd.Tests.Soak.Faults;

/// <summary>The faults of the soak.</summary>
internal static class SoakFaults
{
    /// <summary>The faults of the long soak: all.</summary>
    public static IReadOnlyList<SoakFault> All { get; } =
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

    /// <summary>The faults of the short soak: quick ones, none of which copies a cluster.</summary>
    public static IReadOnlyList<SoakFault> Some { get; } =
    [
        .. All.Where(fault =>
            fault.Name
                is "bridge killed"
                    or "projections killed"
                    or "source crashes"
                    or "store hangs"
                    or "column dropped and added with another default"
                    or "table truncated"
        ),
    ];
}
