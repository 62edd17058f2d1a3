using System.IO.Compression;
using System.Text;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Lookup;
using Strangler.Projections;
using Xunit;

namespace Strangler.Gateway.Tests.Lookup;

public sealed class AnswerNegotiationTests
{
    private static readonly RouteLookupModel Plain = new(
        new FakeResponder(),
        new KeySource.RouteValue("sku"),
        new HashSet<string> { "GET" },
        new HashSet<string>(),
        new HashSet<string>(),
        TimeSpan.FromMinutes(1),
        1,
        1,
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(1)
    );

    private static readonly RouteLookupModel Whole = Plain with { HasTags = true, Compresses = true };

    [Fact]
    public void AddTo_RouteWithoutEither_ChangesNothing()
    {
        var answer = Body(5_000);

        Assert.Same(answer, RouteHeaders.AddTo(answer, Plain));
        Assert.Same(answer, AnswerNegotiation.Of(answer, Plain, Asking("gzip", "*")));
    }

    /// <summary>Equal bodies have equal tags, whichever gateway made them; and others have others.</summary>
    [Fact]
    public void AddTo_AnyTwoBodies_TagsAreEqualIfTheBodiesAre() =>
        Gen.Select(Gen.Byte[0, 3].Array[0, 3], Gen.Byte[0, 3].Array[0, 3])
            .Sample((one, other) => one.SequenceEqual(other) == (TagOf(one) == TagOf(other)));

    [Theory]
    [InlineData(404)]
    [InlineData(500)]
    public void AddTo_AnswerOtherThan200_HasNoTag(int status) =>
        Assert.DoesNotContain(RouteHeaders.AddTo(Answer.Empty(status), Whole).Headers, header => header.Key == "ETag");

    [Fact]
    public void AddTo_TagAndVaryOfRespond_Stay()
    {
        var answer = Body(1) with { Headers = [new("etag", "\"own\""), new("vary", "Origin, accept-encoding")] };

        Assert.Equal(answer.Headers, RouteHeaders.AddTo(answer, Whole).Headers);
    }

    [Theory]
    [InlineData("W/\"own\"", true)]
    [InlineData("\"own\"", true)] // compared weakly
    [InlineData("\"a\", W/\"own\"", true)]
    [InlineData("*", true)]
    [InlineData("\"other\"", false)]
    [InlineData("own", false)]
    [InlineData("", false)]
    [InlineData("\"own\", broken", false)]
    public void Of_IfNoneMatch_IsAnsweredBy304IfTheClientHasIt(string given, bool isKnown)
    {
        var answer = Body(2) with
        {
            Headers =
            [
                new("Content-Type", "application/json"),
                new("ETag", "W/\"own\""),
                new("Cache-Control", "max-age=1"),
            ],
        };

        var sent = AnswerNegotiation.Of(answer, Whole, Asking("", given));

        Assert.Equal(isKnown ? 304 : 200, sent.Status);
        Assert.Equal(isKnown, sent.Body.IsEmpty);
        Assert.Equal(
            isKnown ? ["ETag", "Cache-Control"] : (string[])["Content-Type", "ETag", "Cache-Control"],
            sent.Headers.Select(header => header.Key)
        );
    }

    /// <summary>RFC 9110, 13.1.2: another method than these gets 412, which is legacy's to say.</summary>
    [Theory]
    [InlineData("GET", 304)]
    [InlineData("HEAD", 304)]
    [InlineData("POST", 200)]
    public void Of_IfNoneMatch_CountsForReadingOnly(string method, int status) =>
        Assert.Equal(
            status,
            AnswerNegotiation.Of(RouteHeaders.AddTo(Body(2), Whole), Whole, Asking("", "*", method)).Status
        );

    /// <summary>A strong tag is of the bytes that were tagged.</summary>
    [Theory]
    [InlineData("\"own\"")]
    [InlineData("W/\"own\"")]
    public void Of_CompressedAnswerWithATag_HasAWeakOne(string tag)
    {
        var answer = Body(5_000) with { Headers = [new("etag", tag)] };

        var sent = AnswerNegotiation.Of(answer, Whole, Asking("gzip", null));

        Assert.Equal("W/\"own\"", sent.Headers.Single(header => header.Key == "etag").Value);
    }

    [Fact]
    public void Of_IfNoneMatchOfAnythingOn404_IsStill404() =>
        Assert.Equal(404, AnswerNegotiation.Of(Answer.Empty(404), Whole, Asking("", "*")).Status);

    [Theory]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("GZIP;q=0.5", "gzip")]
    [InlineData("br;q=0.5, gzip", "gzip")]
    [InlineData("br;q=0, gzip;q=0.1", "gzip")]
    [InlineData("*", "br")]
    [InlineData("br;q=0, *", "gzip")]
    [InlineData("deflate", null)]
    [InlineData("gzip;q=0", null)]
    [InlineData("identity", null)]
    [InlineData("", null)]
    [InlineData("gzip;q=x", null)]
    public void Of_AcceptEncoding_IsWhatTheClientWantsMost(string accepted, string? encoding)
    {
        var answer = Body(5_000);

        var sent = AnswerNegotiation.Of(answer, Whole, Asking(accepted, null));

        Assert.Equal(encoding, sent.Headers.FirstOrDefault(header => header.Key == "Content-Encoding").Value);
        Assert.Equal(answer.Body.ToArray(), Decoded(sent, encoding));
    }

    [Theory]
    [InlineData(1_023, false)]
    [InlineData(1_024, true)]
    [InlineData(4 << 20, true)]
    [InlineData((4 << 20) + 1, false)]
    public void Of_Size_IsCompressedWithinItsLimits(int size, bool isCompressed) =>
        Assert.Equal(
            isCompressed,
            AnswerNegotiation
                .Of(Body(size), Whole, Asking("br", null))
                .Headers.Any(header => header.Key == "Content-Encoding")
        );

    [Fact]
    public void Of_AnswerThatRespondCompressed_StaysAsItIs()
    {
        var answer = Body(5_000) with { Headers = [new("content-encoding", "gzip")] };

        Assert.Same(answer, AnswerNegotiation.Of(answer, Whole, Asking("br", null)));
    }

    private static byte[] Decoded(Answer answer, string? encoding)
    {
        using var body = new MemoryStream(answer.Body.ToArray());
        using Stream decoded = encoding switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var whole = new MemoryStream();
        decoded.CopyTo(whole);
        return whole.ToArray();
    }

    private static string TagOf(byte[] body) =>
        RouteHeaders.AddTo(Answer.Json(200, body), Whole).Headers.Single(header => header.Key == "ETag").Value;

    private static Answer Body(int size) =>
        Answer.Json(
            200,
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, size).Select(i => (char)('a' + (i % 26)))))
        );

    private static HttpRequest Asking(string encodings, string? tags, string method = "GET")
    {
        var request = new DefaultHttpContext().Request;
        request.Method = method;
        request.Headers["accept-encoding"] = encodings;
        if (tags is not null)
            request.Headers.IfNoneMatch = tags;
        return request;
    }
}
