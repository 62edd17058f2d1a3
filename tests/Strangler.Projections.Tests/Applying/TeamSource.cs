namespace Strangler.Projections.Tests.Applying;

/// <summary>A team's assembly: one projection, whose key 'stuck' never ends.</summary>
internal static class TeamSource
{
    public const string Text = """
        using System;
        using System.Threading;
        using Strangler.Projections;

        namespace Shop;

        public sealed record Stock(string Sku, int OnHand, string WarehouseId);
        public sealed record Warehouse(string Id, bool IsOpen);
        public sealed record Availability(int Quantity);

        public readonly record struct Sku(string Value) : IParsable<Sku>
        {
            public static Sku Parse(string text, IFormatProvider? provider) => new(text);
            public static bool TryParse(string? text, IFormatProvider? provider, out Sku sku)
            {
                sku = new(text ?? "");
                return text is { Length: > 0 };
            }
            public override string ToString() => Value;
        }

        public sealed class ItemAvailability : IProjection<Sku, Availability>
        {
            public static void Declare(ISources<Sku> from)
            {
                from.Table<Stock>("public.stock").Key(stock => new Sku(stock.Sku));
                from.Table<Warehouse>("public.warehouse")
                    .Through((Stock stock) => stock.WarehouseId, warehouse => warehouse.Id);
            }

            public static Projected<Availability> Project(Sku key, Rows rows, DateTimeOffset now)
            {
                if (key.Value == "stuck") new ManualResetEvent(false).WaitOne();
                var isOpen = rows.Single<Warehouse>() is { IsOpen: true };
                return new(new Availability(isOpen ? rows.Single<Stock>()!.OnHand : 0));
            }
        }
        """;
}
