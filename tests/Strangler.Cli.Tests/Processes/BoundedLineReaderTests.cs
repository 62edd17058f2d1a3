using System.Text;
using Strangler.Foundation.Processes;
using Xunit;

namespace Strangler.Cli.Tests.Processes;

public sealed class BoundedLineReaderTests
{
    private static readonly string Longest = new('x', BoundedLineReader.MaxBytes);

    private static readonly byte[] Input = Encoding.UTF8.GetBytes(
        $"one\n\nzwölf\r\nbar\rbar\r\r\n{Longest}\n{Longest}yyy\nlast\nunended"
    );

    private static readonly string[] Lines =
    [
        "one",
        "",
        "zwölf",
        "bar",
        "bar",
        "",
        Longest,
        Longest + "…",
        "last",
        "unended",
    ];

    [Fact]
    public void Read_LinesOfAnyLength_CutsWhatIsTooLongAndContinues()
    {
        var lines = new List<string>();
        using var input = new MemoryStream(Input);

        BoundedLineReader.Read(input, lines.Add);

        Assert.Equal(Lines, lines);
    }

    [Fact]
    public async Task ReadAsync_LinesOfAnyLength_CutsWhatIsTooLongAndContinues()
    {
        var lines = new List<string>();
        using var input = new MemoryStream(Input);

        await BoundedLineReader.ReadAsync(input, lines.Add, TestContext.Current.CancellationToken);

        Assert.Equal(Lines, lines);
    }
}
