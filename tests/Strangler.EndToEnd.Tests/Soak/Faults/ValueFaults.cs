namespace Strangler.EndToEnd.Tests.Soak.Faults;

/// <summary>Values that .NET's types can't hold, and text that looks like something else.</summary>
internal static class ValueFaults
{
    public static IReadOnlyList<SoakFault> All { get; } =
    [
        Unreadable("infinite time", "changed_at = 'infinity'"),
        Unreadable("time before Christ", "changed_at = '0044-03-15 BC'"),
        Unreadable("price that is not a number", "price = 'NaN'"),
        Unreadable("price of forty digits", "price = 1234567890123456789012345678901234567890.5"),
        SoakFault.Of(
            "placeholder typed by a user",
            """
            update product set note = '__debezium_unavailable_value', name = '__debezium_unavailable_value',
                version = version + 1 where id < 'P10'
            """,
            silent: false
        ),
    ];

    private static SoakFault Unreadable(string name, string inject) =>
        SoakFault.Of(
            name,
            $"""
            update product set {inject}, version = version + 1
            where id in (select min(id) from product union select max(id) from product)
            """,
            """
            update product set changed_at = now(), price = 2.50, version = version + 1
            where not isfinite(changed_at) or changed_at < '1900-01-01' or price = 'NaN' or price > 1e20
            """,
            silent: false
        );
}
