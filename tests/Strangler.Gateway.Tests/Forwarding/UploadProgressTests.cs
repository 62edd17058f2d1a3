using System.Text;
using Strangler.Gateway.Forwarding;
using Xunit;

namespace Strangler.Gateway.Tests.Forwarding;

public sealed class UploadProgressTests
{
    private const string Chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n|hel|lo", "++")]
    [InlineData(Chunked + "|5\r\nhello\r\n|0\r\n\r\n", "++")]
    [InlineData(Chunked + "|5\r\n|0\r\n\r\n|\r\n|0\r\n\r\n", "++++")]
    [InlineData(Chunked + "|A\r\n|abcde0\r\n\r\n|\r\n|3\r\n|abc|\r\n|0\r\n\r\n", "+++++++")]
    [InlineData(Chunked + "|1|0\r|\n|0123456789|abcdef|\r|\n0|\r\n\r|\n", "+++++++++")]
    [InlineData(Chunked + "1\r\nx\r\n0\r\n\r\n", "")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhel|lo", "+")]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n|2\r\nhi\r\n|0\r\n\r\n", "++")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n|hi|GET / HTTP/1.1\r\n\r\n", "+")]
    public void IsUnderWay_AfterEachWrite_IsTrueUntilTheBodysEnd(string writes, string expected)
    {
        var progress = new UploadProgress();
        var underWay = new StringBuilder();

        foreach (var write in writes.Split('|'))
        {
            progress.Take(Encoding.ASCII.GetBytes(write));
            if (progress.IsUnderWay)
                underWay.Append('+');
        }

        Assert.Equal(expected, underWay.ToString());
    }

    [Theory]
    [InlineData(
        "HTTP/1.1 413 Payload Too Large\r\nA: 1\r\n\r\n",
        true,
        "HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\nA: 1\r\n\r\n"
    )]
    [InlineData(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 X\r\n\r\n",
        true,
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 X\r\nConnection: close\r\n\r\n"
    )]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n", false, null)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", false, null)]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 500 X\r\n\r\n", false, null)]
    [InlineData("HTTP/1.1 41", false, null)]
    [InlineData("", false, null)]
    public void IsRefusal_FirstBytesOfAnAnswer_IsOfItsFinalStatus(string bytes, bool isRefusal, string? closing)
    {
        var (start, read) = (new AnswerStart(), Encoding.ASCII.GetBytes(bytes));

        start.Take(read);

        Assert.Equal(isRefusal, start.IsRefusal);
        if (closing is not null)
            Assert.Equal(closing, Encoding.ASCII.GetString(start.Closing(read)));
    }
}
