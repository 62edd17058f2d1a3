using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Strangler.CdcBridge.Configuration;

namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>Temporary: a case's properties as options.</summary>
internal static class CaseOptions
{
    public static EventOptions Of(GoldenCase golden)
    {
        var p = golden.Properties;
        string V(string name, string otherwise) => p.GetValueOrDefault(name, otherwise);
        bool B(string name, bool otherwise) => bool.Parse(V(name, otherwise ? "true" : "false"));
        IReadOnlyList<Regex> R(string name) => [.. V(name, "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(x => Full(x))];
        T E<T>(string name) where T : struct, Enum => p.TryGetValue(name, out var v) ? Enum.Parse<T>(v.Replace("_", "").Replace("-", ""), true) : default;
        var masks = new List<ColumnMask>();
        foreach (var (k, v) in p)
        {
            foreach (var c in v.Split(',', StringSplitOptions.TrimEntries))
            {
                if (Regex.Match(k, @"^column\.mask\.with\.(\d+)\.chars$") is { Success: true } m)
                    masks.Add(new ColumnMask.Asterisks(Full(c), int.Parse(m.Groups[1].Value)));
                if (Regex.Match(k, @"^column\.truncate\.to\.(\d+)\.chars$") is { Success: true } t)
                    masks.Add(new ColumnMask.Truncation(Full(c), int.Parse(t.Groups[1].Value)));
                if (Regex.Match(k, @"^column\.mask\.hash\.(v2\.)?([^.]+)\.with\.salt\.(.+)$") is { Success: true } h)
                    masks.Add(new ColumnMask.Hash(Full(c), h.Groups[2].Value, h.Groups[3].Value, h.Groups[1].Success ? 2 : 1));
            }
        }
        var placeholder = V("unavailable.value.placeholder", ValueOptions.DefaultPlaceholder);
        return new EventOptions
        {
            Format = EventFormat.Debezium36,
            Values = new ValueOptions
            {
                Decimals = E<DecimalHandling>("decimal.handling.mode"),
                Times = E<TimePrecision>("time.precision.mode"),
                Binary = E<BinaryHandling>("binary.handling.mode"),
                Hstore = E<HstoreHandling>("hstore.handling.mode"),
                Intervals = E<IntervalHandling>("interval.handling.mode"),
                MoneyFractionDigits = int.Parse(V("money.fraction.digits", "2")),
                IncludesUnknownTypes = B("include.unknown.datatypes", false),
                Placeholder = [.. placeholder.StartsWith("hex:") ? Convert.FromHexString(placeholder[4..]) : System.Text.Encoding.UTF8.GetBytes(placeholder)],
            },
            Columns = new ColumnOptions
            {
                Included = R("column.include.list"),
                Excluded = R("column.exclude.list"),
                Masks = masks,
                Keys = [.. V("message.key.columns", "").Split(';', StringSplitOptions.RemoveEmptyEntries).SelectMany(e => e.Split(':')[1].Split(',').Select(c => Full(e.Split(':')[0].Trim() + "." + c.Trim())))],
                PropagatedColumns = R("column.propagate.source.type"),
                PropagatedTypes = R("datatype.propagate.source.type"),
            },
            KeyConverter = new ConverterOptions { Decimals = E<DecimalFormat>("key.converter.decimal.format"), HasSchemas = B("key.converter.schemas.enable", false) },
            ValueConverter = new ConverterOptions { Decimals = E<DecimalFormat>("value.converter.decimal.format"), HasSchemas = B("value.converter.schemas.enable", false), ReplacesNullWithDefault = B("value.converter.replace.null.with.default", true) },
            HasTombstones = B("tombstones.on.delete", true),
            SkippedOperations = V("skipped.operations", "t") is "none" ? [] : V("skipped.operations", "t").Split(',').Select(o => o.Trim()[0]).ToFrozenSet(),
            SkipsUnchanged = B("skip.messages.without.change", false),
            HasTransactionMetadata = B("provide.transaction.metadata", false),
            IncludedMessages = R("message.prefix.include.list"),
            ExcludedMessages = R("message.prefix.exclude.list"),
            Heartbeat = new HeartbeatOptions { Interval = TimeSpan.FromMilliseconds(int.Parse(V("heartbeat.interval.ms", "0"))), TopicPrefix = V("heartbeat.topics.prefix", "__debezium-heartbeat"), Query = p.GetValueOrDefault("heartbeat.action.query") },
            HasContextHeaders = B("extended.headers.enabled", true),
            SchemaNames = E<NameAdjustment>("schema.name.adjustment.mode"),
            FieldNames = E<NameAdjustment>("field.name.adjustment.mode"),
        };
    }

    private static Regex Full(string x) => new($"^(?:{x})$", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));
}
