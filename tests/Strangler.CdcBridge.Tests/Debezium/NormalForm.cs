using System.Globalization;
using System.Text.RegularExpressions;

namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>
/// What two honest runs of the same case must differ in, put in a common form: times of processing, LSNs, transaction
/// ids, the connector's version, the id of the run and the name of a logical message among a transaction's tables.
/// </summary>
internal sealed partial class NormalForm
{
    private static readonly string[] Times = ["ts_ms", "ts_us", "ts_ns"];

    private readonly TransactionNumbers _transactions = new();

    /// <summary>
    /// The records by topic and partition, in their order. A record without a key goes to any partition: those of a
    /// topic are one group, in the order of their values.
    /// </summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<ComparedRecord>> Group(IEnumerable<RecordedRecord> records)
    {
        var form = new NormalForm();
        return records
            .OrderBy(Place)
            .Select(record =>
                (
                    Group: record.Key is null
                        ? $"{record.Topic} no key"
                        : $"{record.Topic} partition {record.Partition}",
                    Record: form.Convert(record)
                )
            )
            .ToList()
            .GroupBy(member => member.Group, member => member.Record)
            .ToDictionary(group => group.Key, Sort);
    }

    /// <summary>
    /// Transactions are numbered last where only records without a key have them, in the order of the log: in which
    /// partitions such records are is chance.
    /// </summary>
    private static ulong Place(RecordedRecord record) =>
        record.Key is null && record.Value is not null && Lsn().Match(record.Value) is { Success: true } lsn
            ? ulong.Parse(lsn.ValueSpan, CultureInfo.InvariantCulture)
            : 0;

    private static IReadOnlyList<ComparedRecord> Sort(IGrouping<string, ComparedRecord> group) =>
        group.Key.EndsWith(" no key", StringComparison.Ordinal)
            ? [.. group.OrderBy(record => record.Value.Tree.ToString(), StringComparer.Ordinal)]
            : [.. group];

    private ComparedRecord Convert(RecordedRecord record)
    {
        var value = TokenizedText.Of(record.Value);
        if (record.Value is not null && value.Tree is TokenTree.Object tree)
            value = value with { Tree = ConvertValue(tree) };
        var headers = record.Headers.Where(header => header.Name != "__debezium.context.runId");
        return new(ConvertKey(record.Key), [.. headers], value);
    }

    private TokenTree.Object ConvertValue(TokenTree.Object value) =>
        value.Find("schema") is not null && value.Find("payload") is TokenTree.Object
            ? value.WithObject("payload", ConvertBody)
            : ConvertBody(value);

    private TokenTree.Object ConvertBody(TokenTree.Object body)
    {
        var converted = Set(body, Times)
            .WithObject("source", ConvertSource)
            .WithObject("transaction", block => block.With("id", id => _transactions.Number(Xid(id))))
            .WithArray("data_collections", ConvertTables);
        return converted.With("id", id => TransactionId().IsMatch(id) ? _transactions.Number(Xid(id)) : id);
    }

    private TokenTree.Object ConvertSource(TokenTree.Object source) =>
        Set(source, [.. Times, "lsn", "xmin", "version"])
            .With("txId", _transactions.Number)
            .With("sequence", sequence => Digits().Replace(sequence, "<set>"));

    /// <summary>
    /// At a transaction's end the connector names a logical message by the object's address in memory, which also
    /// decides where it stands among the tables: such a list is compared as a set.
    /// </summary>
    private static TokenTree.Array ConvertTables(TokenTree.Array tables)
    {
        var named = tables.Elements.Select(table => table.ToString()!).ToList();
        var converted = named.Select(table => MessageAddress().Replace(table, "@<set>")).ToList();
        return named.SequenceEqual(converted)
            ? tables
            : new([.. converted.Order(StringComparer.Ordinal).Select(table => new TokenTree.Literal(table))]);
    }

    /// <summary>Keys are compared to the letter, but for those of the topic of transactions, which are ids.</summary>
    private string ConvertKey(string? key)
    {
        if (TokenizedText.Of(key).Tree is not TokenTree.Object tree)
            return key ?? "null";
        var body = tree.Find("payload") as TokenTree.Object ?? tree;
        return body.Find("id")?.ToString() is { } id && TransactionId().IsMatch(id)
            ? $"{string.Join(',', body.Fields.Select(field => field.Name))}:{_transactions.Number(Xid(id))}"
            : key!;
    }

    private static TokenTree.Object Set(TokenTree.Object body, IEnumerable<string> names) =>
        names.Aggregate(body, (set, name) => set.With(name, _ => "<set>"));

    private static string Xid(string id) => id[1..].Split(':')[0];

    [GeneratedRegex("""^"[0-9]+:[0-9]+"$""")]
    private static partial Regex TransactionId();

    [GeneratedRegex("(?<=LogicalDecodingMessageId)@[0-9a-f]+")]
    private static partial Regex MessageAddress();

    [GeneratedRegex("(?<=,\"lsn\":)[0-9]+")]
    private static partial Regex Lsn();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
