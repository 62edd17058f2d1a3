using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Shop.Hosting;

namespace Shop.Traffic;

/// <summary>
/// What customers and departments request. Most reads are about an item itself; a sixth are about availabilities.
/// Twenty items, or one of 500, are hot: four of five reads and half of the writes are about them, so that much of what
/// is read is changing: at 200 writes a second each hot item is changed five times a second.
/// </summary>
internal sealed class TrafficPlan(int items, int seed)
{
    private const int Warehouses = 16;
    private const int Stores = 48;
    private const int MaxReservations = 1000;

    // Ids that the seed doesn't use.
    private const long FirstOwnId = 1_000_000_000;

    private static readonly string[] Areas = ["DE-N", "DE-S", "DE-W", "AT-E", "AT-W", "CH", "FR-N", "FR-S", "NL"];
    private static readonly string[] Sites = ["de", "at", "ch", "fr"];

    private readonly Random _reads = new(seed);
    private readonly Random _writes = new(seed + 1);
    private readonly ConcurrentQueue<string> _reservations = new();
    private readonly int _hot = Math.Max(1, Math.Min(items, Math.Max(20, items / 500)));

    public TrafficRequest NextRead() =>
        _reads.Next(100) switch
        {
            < 12 => One(Sku(Read())),
            < 15 => Many([.. Enumerable.Range(0, 3 + _reads.Next(3)).Select(_ => Sku(Read()))]),
            < 95 => new("GET", $"/api/items/{Sku(Read())}"),
            < 98 => One(Sku(items + 1 + _reads.Next(1000))),
            _ => new("GET", $"/api/items/{Sku(items + 1 + _reads.Next(1000))}"),
        };

    public TrafficRequest NextWrite()
    {
        var (item, random) = (Written(), _writes);
        return random.Next(1000) switch
        {
            < 270 => new(
                "PUT",
                $"/api/items/{Sku(item)}/stock",
                Body(
                    new
                    {
                        warehouse = 1 + random.Next(Warehouses),
                        onHand = random.Next(200),
                        damaged = random.Next(4),
                    }
                )
            ),
            < 520 => new(
                "PUT",
                $"/api/offers/{Offer(item)}",
                Body(new { quantity = random.Next(30), price = random.Next(100, 100_000) / 100m })
            ),
            < 620 => new(
                "PUT",
                $"/api/items/{Sku(item)}/stores",
                Body(
                    new
                    {
                        store = 1 + random.Next(Stores),
                        floor = random.Next(10),
                        packs = random.Next(6),
                    }
                )
            ),
            < 770 => new(
                "POST",
                "/api/reservations",
                Body(
                    new
                    {
                        sku = Sku(item),
                        warehouse = 1 + random.Next(Warehouses),
                        quantity = 1 + random.Next(3),
                        minutes = 1 + random.Next(30),
                    }
                )
            ),
            < 820 when _reservations.TryDequeue(out var id) => new("DELETE", $"/api/reservations/{id}"),
            < 870 => new(
                "PUT",
                $"/api/caps/{FirstOwnId + item}",
                Body(
                    new
                    {
                        sku = Sku(item),
                        area = random.Next(2) == 0 ? null : One(random, Areas),
                        max = 1 + random.Next(60),
                    }
                )
            ),
            < 898 => new(
                "PUT",
                $"/api/back-orders/{FirstOwnId + item}",
                Body(
                    new
                    {
                        sku = Sku(item),
                        expectedOn = $"2030-{1 + random.Next(12):D2}-{1 + random.Next(28):D2}",
                        quantity = 1 + random.Next(90),
                        state = random.Next(3) == 0 ? "R" : "O",
                    }
                )
            ),
            < 998 => new("PUT", $"/api/items/{Sku(item)}", Body(new { price = random.Next(100, 100_000) / 100m })),
            // It affects all items of a group.
            _ => new(
                "PUT",
                "/api/eligibility",
                Body(
                    new
                    {
                        group = $"G{random.Next(40):D2}",
                        site = One(random, Sites),
                        allowed = random.Next(4) != 0,
                    }
                )
            ),
        };
    }

    private TrafficRequest One(string sku) =>
        new("GET", $"/api/items/{sku}/availability?area={One(_reads, Areas)}", null, sku);

    private TrafficRequest Many(string[] skus) =>
        new("POST", "/api/availability", Body(new { skus, area = One(_reads, Areas) }), string.Join(',', skus));

    /// <summary>A reservation that was made, to be cancelled later.</summary>
    public void Reserved(string id)
    {
        if (_reservations.Count < MaxReservations)
            _reservations.Enqueue(id);
    }

    private static string Sku(int item) => item.ToString("D6", CultureInfo.InvariantCulture);

    // The seed gives an item its first offer, its second, or both.
    private static long Offer(int item) => item * 10L + (item % 3 == 2 ? 1 : 0);

    private static string One(Random random, string[] words) => words[random.Next(words.Length)];

    private static string Body<T>(T value) => JsonSerializer.Serialize(value, ShopJson.Options);

    private int Read() => 1 + _reads.Next(_reads.Next(5) == 0 ? items : _hot);

    private int Written() => 1 + _writes.Next(_writes.Next(2) == 0 ? items : _hot);
}
