using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using Strangler.CdcBridge.Encoding;
using Strangler.CdcBridge.Events;
using Strangler.CdcBridge.Profiles;
using Strangler.CdcBridge.Schema;
using Strangler.CdcBridge.Wire;
using Strangler.ChangeLog;

namespace Strangler.Benchmarks.Pure;

/// <summary>
/// The cost of a transaction's digest, compared with what is done for each of its rows anyway: an insert is read and
/// written as Debezium's event. A transaction of a thousand rows; figures per row.
/// </summary>
[MemoryDiagnoser]
public class TransactionDigestBenchmarks : IDisposable
{
    private const int Rows = 1_000;

    private readonly TransactionHash _hash = new(isRaw: false);
    private readonly TupleSlices _slices = new();
    private readonly RowRecords _rows = new(
        new EnvelopeWriter(new StranglerProfile("shop"), "shop", TimeProvider.System),
        new StranglerProfile("shop"),
        outbox: null,
        transaction: null
    );
    private RelationModel? _relation;
    private byte[] _frame = [];

    /// <summary>The length of the row's text column; the row also has a key and two numbers.</summary>
    [Params(20, 200, 2_000)]
    public int Text { get; set; }

    [GlobalSetup]
    public void Make()
    {
        RelationColumn[] columns =
        [
            new("id", 23, -1, true),
            new("quantity", 23, -1, false),
            new("price", 1700, -1, false),
            new("note", 25, -1, false),
        ];
        TypeModel[] types = [new("integer", 23, 0), new("integer", 23, 0), new("numeric", 1700, 0), new("text", 25, 0)];
        var shape = new RelationShape(1, "public", "item", 'd', [.. columns]);
        _relation = RelationModel.Of(
            shape,
            new StranglerProfile("shop"),
            [.. types],
            new TableFacts(["id"], ["id"], new Dictionary<string, CatalogueColumn>())
        );
        _hash.Learn(shape);
        byte[] values = [.. Value("123456"), .. Value("42"), .. Value("1234.50"), .. Value(new string('x', Text))];
        _frame = [(byte)InsertMessage.Kind, 0, 0, 0, 1, (byte)'N', 0, 4, .. values];
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Rows)]
    public int Write() => WriteRows();

    [Benchmark(OperationsPerInvoke = Rows)]
    public int WriteAndDigest()
    {
        for (var row = 0; row < Rows; row++)
            _hash.AddRow(1, _frame);
        return WriteRows() + _hash.Take().Version;
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public TransactionDigest Digest()
    {
        for (var row = 0; row < Rows; row++)
            _hash.AddRow(1, _frame);
        return _hash.Take();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _hash.Dispose();
        GC.SuppressFinalize(this);
    }

    private int WriteRows()
    {
        var sink = new RecordSink(new AppendBatch(), 1);
        sink.Begin(new Lsn(100), 7);
        var source = new ChangeSource("false", DateTimeOffset.UnixEpoch, new Lsn(90), new Lsn(80), 7);
        for (var row = 0; row < Rows; row++)
            _rows.Insert(_relation!, InsertMessage.Read(_frame, _slices).New, source, sink);
        return sink.Count;
    }

    private static byte[] Value(string text)
    {
        var value = new byte[1 + sizeof(int) + text.Length];
        value[0] = (byte)'t';
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(1), text.Length);
        System.Text.Encoding.ASCII.GetBytes(text, value.AsSpan(1 + sizeof(int)));
        return value;
    }
}
