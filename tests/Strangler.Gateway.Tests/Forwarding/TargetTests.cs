using CsCheck;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>A legacy service receives the target exactly as the client wrote it, byte for byte.</summary>
public sealed class TargetTests(PostgresFixture postgres)
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    /// <summary>
    /// Every byte that a target may have on the wire, escapes of every kind, and text that a server might misinterpret.
    /// </summary>
    private static readonly string[] Odd =
    [
        "/",
        "//",
        "/./",
        "/../",
        "..",
        "/.",
        "%2e%2e",
        "%2E/",
        "%2F",
        "%2f",
        "%5C",
        "%C3%A4",
        "%E2%82%AC",
        "%F0%9F%98%80",
        "%C0%AF",
        "%ED%A0%80",
        "%C3",
        "%E2%82",
        "%",
        "%%",
        "%4",
        "%zz",
        "%25",
        "%252F",
        ";a=1",
        "?",
        "#",
        "+",
        "%20",
        "\\",
        "[",
        "]",
        "{",
        "}",
        "|",
        "\"",
        "<",
        ">",
        "^",
        "`",
        "api/items/7/availability",
        "x",
    ];

    private static readonly Gen<string> Piece = Gen.Frequency(
        (2, Gen.Char['!', '~'].Select(letter => $"{letter}")),
        (1, Gen.Int[1, 255].Select(value => $"%{value:X2}")),
        (1, Gen.Int[1, 255].Select(value => $"%{value:x2}")),
        (4, Gen.Int[0, Odd.Length - 1].Select(index => Odd[index]))
    );

    // A percent sign and two zeros may meet: the server itself refuses that in a path.
    public static readonly Gen<string> Target = Piece
        .Array[0, 12]
        .Select(pieces => "/" + string.Concat(pieces))
        .Where(target => !target.Split('?')[0].Contains("%00", StringComparison.Ordinal));

    [Theory]
    [InlineData("/a%2Fb")]
    [InlineData("/a%2fb")]
    [InlineData("/a%5Cb")]
    [InlineData("/caf%E4")]
    [InlineData("/caf%C3%A4")]
    [InlineData("/100%")]
    [InlineData("/100%25")]
    [InlineData("/%252F")]
    [InlineData("/%2B%40%7E")]
    [InlineData("/a+b@~c")]
    [InlineData("/[a]{b}|c")]
    [InlineData("/%5Ba%5D%7Bb%7D%7C")]
    [InlineData("/%2e/a")]
    [InlineData("/a/./b/../c")]
    [InlineData("/a/%2e%2e/c")]
    [InlineData("/../a")]
    [InlineData("//a//b/")]
    [InlineData("/a;jsessionid=1/b")]
    [InlineData("/a?")]
    [InlineData("/a?b=%2F&c=%E4&d=100%&e=[1]{2}|3")]
    [InlineData("/a?next=/x/../y?z")]
    [InlineData("/a?b=1&b=2&&=")]
    [InlineData("/a#b?c#d")]
    [InlineData("/%61pi/items/%37/availability")]
    [InlineData("/api/items/7%2F8/availability?area=%31")]
    public async Task Target_OfTheClient_ReachesLegacyAsItWasWritten(string target)
    {
        await using var setup = await RawSetup.StartAsync(postgres, RawUpstream.Answering(Ok));
        using var connection = await setup.ConnectAsync();

        Assert.Equal((200, target), await setup.AskForAsync(connection, target));
    }

    [Fact]
    public async Task Target_AnyThatAServerTakes_ReachesLegacyAsItWasWritten()
    {
        await using var setup = await RawSetup.StartAsync(postgres, RawUpstream.Answering(Ok));
        using var connection = await setup.ConnectAsync();

        await Target.SampleAsync(
            async target => Assert.Equal((200, target), await setup.AskForAsync(connection, target)),
            iter: 5_000,
            threads: 1
        );
    }

    [Fact]
    public async Task Target_OfEightKilobytes_ReachesLegacyAsItWasWritten()
    {
        await using var setup = await RawSetup.StartAsync(postgres, RawUpstream.Answering(Ok));
        using var connection = await setup.ConnectAsync();
        var target = $"/{string.Concat(Enumerable.Repeat("%E4%2F", 1_000))}?{new string('q', 2_000)}";

        Assert.Equal((200, target), await setup.AskForAsync(connection, target));
    }
}
