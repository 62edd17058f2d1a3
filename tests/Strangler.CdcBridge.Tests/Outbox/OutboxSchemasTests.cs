using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Outbox;
using Xunit;

namespace Strangler.CdcBridge.Tests.Outbox;

public sealed class OutboxSchemasTests
{
    private static readonly ConnectSchema Json = ConnectSchema.String.Named("io.debezium.data.Json").Optional;

    private readonly OutboxSchemas _schemas = new();

    [Fact]
    public void Of_PayloadOfAKnownSchema_KeepsTheNameOfTheFirst()
    {
        Assert.Equal("p.outbox.order.Value", Of("order", Json).Name);
        Assert.Equal("p.outbox.order.Value", Of("customer", Json).Name);
        Assert.Equal("p.outbox.customer.Value", Of("customer", ConnectSchema.Int32.Optional).Name);
    }

    [Fact]
    public void Of_Versions_HaveASchemaEach()
    {
        var first = Of("order", Json, 3);

        Assert.Equal(("p.outbox.order.Value", 3), (first.Name, first.Version));
        Assert.Same(first, Of("customer", Json, 3));
        Assert.Equal(4, Of("order", Json, 4).Version);
    }

    [Fact]
    public void Of_NullPayload_TakesTheSchemaOfItsVersion()
    {
        var expanded = ConnectSchema.Struct() with { IsOptional = true };
        var first = Of("order", expanded, 3);

        Assert.Same(first, Of("order", Json, 3, isNull: true));
        Assert.NotSame(first, Of("order", Json, 3));
    }

    /// <summary>Schemas come from payloads, so an application decides how many there are, and how large.</summary>
    [Fact]
    public void Of_ManyLargeSchemas_AreBoundedByTheirSize()
    {
        for (var i = 0; i < 40; i++)
            Of("order", ConnectSchema.Struct([new ConnectField($"{new string('f', 1 << 20)}{i}", Json)]));

        Assert.InRange(_schemas.Characters, 1, 8 << 20);
    }

    private ConnectSchema Of(string route, ConnectSchema payload, int? version = null, bool isNull = false) =>
        _schemas.Of(
            "p.outbox",
            route,
            version,
            version is not null,
            payload,
            isNull,
            [new ConnectField("type", ConnectSchema.String)]
        );
}
