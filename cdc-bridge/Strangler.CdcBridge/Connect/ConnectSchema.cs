namespace Strangler.CdcBridge.Connect;

/// <summary>A schema as Kafka Connect has it: the type of a value, and what it means.</summary>
internal sealed record ConnectSchema(ConnectType Type)
{
    public static readonly ConnectSchema Int16 = new(ConnectType.Int16);
    public static readonly ConnectSchema Int32 = new(ConnectType.Int32);
    public static readonly ConnectSchema Int64 = new(ConnectType.Int64);
    public static readonly ConnectSchema Float32 = new(ConnectType.Float32);
    public static readonly ConnectSchema Float64 = new(ConnectType.Float64);
    public static readonly ConnectSchema Boolean = new(ConnectType.Boolean);
    public static readonly ConnectSchema String = new(ConnectType.String);
    public static readonly ConnectSchema Bytes = new(ConnectType.Bytes);

    /// <summary>Whether a value may be null.</summary>
    public bool IsOptional { get; init; }

    /// <summary>What the value means, such as <c>io.debezium.time.Date</c>; null for a plain type.</summary>
    public string? Name { get; init; }

    public int? Version { get; init; }

    public string? Doc { get; init; }

    /// <summary>In the order in which they are written.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>The default in JSON; null for none.</summary>
    public byte[]? Default { get; init; }

    /// <summary>Of a struct.</summary>
    public IReadOnlyList<ConnectField> Fields { get; init; } = [];

    /// <summary>Of an array its elements, of a map its values.</summary>
    public ConnectSchema? Items { get; init; }

    /// <summary>Of a map.</summary>
    public ConnectSchema? Keys { get; init; }

    /// <summary>The same for a value that may be null.</summary>
    public ConnectSchema Optional => this with { IsOptional = true };

    public static ConnectSchema ArrayOf(ConnectSchema items) => new(ConnectType.Array) { Items = items };

    public static ConnectSchema Struct(params IReadOnlyList<ConnectField> fields) =>
        new(ConnectType.Struct) { Fields = fields };

    /// <summary>The same with a meaning.</summary>
    public ConnectSchema Named(string name, int? version = 1) => this with { Name = name, Version = version };

    /// <summary>The same with another parameter behind those that it has.</summary>
    public ConnectSchema With(string parameter, string value) =>
        this with
        {
            Parameters = [.. Parameters, new KeyValuePair<string, string>(parameter, value)],
        };
}
