using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Strangler.CdcBridge.Encoding;
using Strangler.ChangeLog;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>Text that is not UTF-8, or can't become it, neither ends the bridge nor becomes another text.</summary>
public sealed class SourceEncodingTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("SQL_ASCII", "e9", false)]
    [InlineData("WIN1252", "81", false)]
    [InlineData("EUC_JP", "a9a1", true)]
    public async Task RunAsync_BytesWithoutAnEquivalent_AreKeptAndTheBridgeGoesOn(
        string encoding,
        string bytes,
        bool isBlind
    )
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            encoding,
            "create table item (id int primary key, name text); insert into item values (1, 'plain')"
        );
        await InsertAsync(source, 2, bytes); // read by the snapshot
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);
        await InsertAsync(source, 3, bytes);
        await bridge.CaughtUpAsync(source);
        await source.ExecuteAsync("insert into item values (4, 'later')");
        if (!isBlind && encoding != "SQL_ASCII")
            await source.ExecuteAsync("insert into item values (5, U&'\\00E9')");

        var records = (await bridge.CaughtUpAsync(source)).Where(record => record.Kind == LogRecordKind.Data).ToList();

        List<string> expected =
        [
            "1 plain ",
            $"2 \\x{bytes} __strangler.undecoded=[\"name\"]",
            $"3 \\x{bytes} __strangler.undecoded=[\"name\"]",
            "4 later ",
        ];
        if (!isBlind && encoding != "SQL_ASCII")
            expected.Add("5 \u00e9 ");
        Assert.Equal(expected, records.Select(Said));
        Assert.False(bridge.Completion.IsCompleted);
    }

    /// <summary>
    /// Stored as the server converts it, not acknowledged, and sent again as raw bytes, because a value without an
    /// equivalent follows: the same transaction, and no other history.
    /// </summary>
    [Theory]
    [InlineData("SQL_ASCII", "c3a9", "e9")]
    [InlineData("WIN1252", "e9", "81")]
    [InlineData("EUC_JP", "a4a2", "a9a1")]
    public async Task RunAsync_SentAgainWithoutConversion_IsTheSameTransaction(
        string encoding,
        string stored,
        string following
    )
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            encoding,
            "create table item (id int primary key, name text)"
        );
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        await using (var first = RunningBridge.Start(source, log))
        {
            await first.CaughtUpAsync(source);
            log.EndBehind(append => append.Records.Count > 0);
            await InsertAsync(source, 1, stored);
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                first.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
            );
        }
        await InsertAsync(source, 2, following);

        await using var second = RunningBridge.Start(source, log);
        var records = (await second.CaughtUpAsync(source)).Where(record => record.Kind == LogRecordKind.Data).ToList();

        var text = encoding == "EUC_JP" ? "\u3042" : "\u00e9";
        Assert.Equal([$"1 {text} ", $"2 \\x{following} __strangler.undecoded=[\"name\"]"], records.Select(Said));
        Assert.Equal(1, records[^1].Position.Epoch);
        Assert.Contains("sends again", second.Said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_SqlAsciiWithUtf8_IsText()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "SQL_ASCII",
            "create table item (id int primary key, name text)"
        );
        await InsertAsync(source, 1, "c3a9");
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);
        await InsertAsync(source, 2, "e5908d");

        var records = (await bridge.CaughtUpAsync(source)).Where(record => record.Kind == LogRecordKind.Data).ToList();

        Assert.Equal(["1 \u00e9 ", "2 \u540d "], records.Select(Said));
    }

    /// <summary>When the bridge decodes bytes itself, it decodes them as the server would convert them.</summary>
    [Theory]
    [InlineData("LATIN1")]
    [InlineData("LATIN2")]
    [InlineData("LATIN9")]
    [InlineData("WIN1250")]
    [InlineData("WIN1251")]
    [InlineData("WIN1252")]
    [InlineData("WIN1253")]
    [InlineData("WIN1254")]
    [InlineData("WIN1257")]
    [InlineData("KOI8R")]
    [InlineData("WIN866")]
    public async Task TryDecode_EveryByte_IsWhatTheServerMakesOfIt(string encoding)
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """
            create function decoded(code int, name text) returns text language plpgsql as $$
            begin
                return convert_from(decode(lpad(to_hex(code), 2, '0'), 'hex'), name);
            exception when others then return null;
            end $$
            """
        );
        var text = SourceText.Raw(encoding);
        var server = await source.ScalarAsync<string[]>(
            $"select array_agg(coalesce(decoded(code, '{encoding}'), 'none') order by code) "
                + "from generate_series(128, 255) code"
        );

        var bridge = Enumerable
            .Range(128, 128)
            .Select(code =>
                text.TryDecode([(byte)code], out var utf8) ? System.Text.Encoding.UTF8.GetString(utf8) : "none"
            );

        Assert.Equal(server, bridge);
    }

    [Theory]
    [InlineData("SQL_ASCII", "The database's encoding is SQL_ASCII: the server accepts any bytes")]
    [InlineData("WIN1252", "The database's encoding is WIN1252. Bytes that have no equivalent in UTF-8")]
    [InlineData(
        "EUC_JP",
        "The database's encoding is EUC_JP. Bytes that have no equivalent in UTF-8 are kept as they are, and keys that "
            + "read them ask legacy. A table that has such bytes in a key is in doubt"
    )]
    [InlineData("UTF8", null)]
    public async Task EncodingWarningAsync_Encoding_IsSaidWhereItMayNotBeRead(string encoding, string? words)
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            encoding,
            "create table item (id int primary key)"
        );
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(source.Properties()).Build();

        var warning = await BridgeCheck.EncodingWarningAsync(configuration, TestContext.Current.CancellationToken);

        if (words is null)
            Assert.Null(warning);
        else
            Assert.StartsWith(words, warning!.Problem, StringComparison.Ordinal);
    }

    /// <summary>
    /// A user may type the representation of bytes that are not text: the keys of the two rows differ nevertheless.
    /// </summary>
    [Fact]
    public async Task RunAsync_KeyOfBytesAndKeyThatIsTheirText_AreTwoRows()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "SQL_ASCII",
            "create table item (code text primary key, v int)"
        );
        await source.ExecuteAsync("""insert into item values ('\xe9', 1), (convert_from('\xe9', 'SQL_ASCII'), 2)""");
        await using var bridge = RunningBridge.Start(source);

        var read = TableReplay.Of(await bridge.CaughtUpAsync(source), "shop.public.item").Rows;
        await source.ExecuteAsync("""update item set v = 3 where v = 2; delete from item where v = 1""");
        var changed = TableReplay.Of(await bridge.CaughtUpAsync(source), "shop.public.item").Rows;
        await source.ExecuteAsync("""update item set code = '\xe9'""");
        var moved = await bridge.CaughtUpAsync(source);

        Assert.Equal("""{"code":"\\xe9","v":1} {"code":"\\xe9","v":2}""", read);
        Assert.Equal("""{"code":"\\xe9","v":3}""", changed);
        Assert.Equal("""{"code":"\\xe9"}""", System.Text.Encoding.UTF8.GetString(moved[^1].Key!));
        Assert.Equal("""{"code":"\\xe9","v":3}""", TableReplay.Of(moved, "shop.public.item").Rows);
    }

    private static string Said(LogRecord record)
    {
        using var value = JsonDocument.Parse(record.Value!);
        var after = value.RootElement.GetProperty("after");
        return $"{after.GetProperty("id")} {after.GetProperty("name")} "
            + $"{string.Join(' ', record.Headers.Select(header => $"{header.Name}={header.Value}"))}";
    }

    /// <summary>Like a client that uses the database's own encoding, or none.</summary>
    private static Task InsertAsync(SourceDatabase source, int id, string hex) =>
        source.ExecuteAsync(
            $"""
            insert into item values ({id}, convert_from(decode('{hex}', 'hex'), 'SQL_ASCII'))
            """
        );
}
