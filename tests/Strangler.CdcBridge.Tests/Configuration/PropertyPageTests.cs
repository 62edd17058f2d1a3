using System.Runtime.CompilerServices;
using Xunit;

namespace Strangler.CdcBridge.Tests.Configuration;

public sealed class PropertyPageTests
{
    [Fact]
    public void Page_IsWhatTheCodeSays()
    {
        var path = Path.Combine(Root(), "cdc-bridge", "properties.md");
        var text = PropertyPage.Text();
        if (Environment.GetEnvironmentVariable("STRANGLER_GOLDEN") == "write")
            File.WriteAllText(path, text);

        Assert.Equal(text, File.ReadAllText(path));
    }

    private static string Root([CallerFilePath] string caller = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", ".."));
}
