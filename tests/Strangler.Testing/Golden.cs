using System.Runtime.CompilerServices;
using Xunit;

namespace Strangler.Testing;

/// <summary>
/// Files with the expected output, byte for byte. <c>STRANGLER_GOLDEN=write</c> rewrites them; check the result before
/// keeping it.
/// </summary>
public static class Golden
{
    public static void Equal(string name, string actual, [CallerFilePath] string caller = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(caller))!, "Golden", name);
        if (Environment.GetEnvironmentVariable("STRANGLER_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }
        Assert.Equal(File.ReadAllText(file), actual);
    }
}
