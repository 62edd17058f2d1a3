using System.Text;
using Xunit;

namespace Strangler.Cli.Tests;

public sealed class BoundedLineReaderTests
{
    [Fact]
    public void Read_LinesOfAnyLength_PassesOverWhatIsTooLongAndGoesOn()
    {
        var longest = new string('x', BoundedLineReader.MaxBytes);
        var lines = new List<string>();
        using var input = new MemoryStream(
            Encoding.UTF8.GetBytes($"one\n\nzwölf\n{longest}\n{longest}y\nlast\nunended")
        );

        BoundedLineReader.Read(input, lines.Add);

        Assert.Equal(["one", "", "zwölf", longest, "last"], lines);
    }
}
