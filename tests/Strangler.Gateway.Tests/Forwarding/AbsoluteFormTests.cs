using CsCheck;
using Xunit;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>A target in absolute form: legacy receives what was routed.</summary>
public sealed class AbsoluteFormTests
{
    private static readonly string[] Pieces =
    [
        "/",
        "//",
        "/./",
        "/../",
        "..",
        "%2e%2e",
        "%2F",
        "%5C",
        "%C3%A4",
        "%25",
        "%252F",
        "%2520",
        "%20",
        "%3F",
        "%23",
        "#",
        "#/",
        "\\",
        "@",
        ":",
        ";a=1",
        "+",
        "[",
        "]",
        "{",
        "|",
        "\"",
        "open",
        "locked",
        "x",
        "?",
        "?q#r",
    ];

    private static readonly string[] Authorities = ["shop.example", "shop.example:81", "[::1]"];

    private static readonly Gen<(string Host, string Target)> Target =
        from authority in Gen.Int[0, Authorities.Length - 1].Select(index => Authorities[index])
        from pieces in Gen.Int[0, Pieces.Length - 1].Select(index => Pieces[index]).Array[0, 8]
        select (authority, $"http://{authority}{string.Concat(pieces)}");

    [Fact]
    public async Task Target_AnyInAbsoluteForm_IsAskedOfLegacyAsItWasRouted()
    {
        var all = new RouteConfig
        {
            RouteId = "rest",
            ClusterId = "legacy",
            Match = new() { Path = "/{**rest}" },
        };
        await using var host = await PolicyHost.StartAsync(PolicyHost.Model, all);
        var passed = 0;

        await Target.SampleAsync(
            async sample =>
            {
                using var connection = await host.ConnectAsync(); // a refused request ends its connection
                if (await host.AskForAsync(connection, sample.Target, sample.Host) is not (200, { } asked))
                    return;
                passed++;
                Assert.True(host.Routed.TryDequeue(out var routed));
                Assert.Equal(WithoutDots(routed), WithoutDots(Uri.UnescapeDataString(asked.Split('?')[0])));
            },
            iter: 2_000,
            threads: 1
        );

        Assert.InRange(passed, 100, 2_000);
    }

    /// <summary>RFC 3986, 5.2.4.</summary>
    private static string WithoutDots(string path)
    {
        var kept = new Stack<string>();
        foreach (var segment in path.Split('/').Skip(1))
        {
            if (segment == ".." && kept.Count > 0)
                kept.Pop();
            if (segment is not ("." or ".."))
                kept.Push(segment);
        }
        var isFolder = path.EndsWith("/.", StringComparison.Ordinal) || path.EndsWith("/..", StringComparison.Ordinal);
        return $"/{string.Join('/', kept.Reverse())}{(isFolder && kept.Count > 0 ? "/" : "")}";
    }
}
