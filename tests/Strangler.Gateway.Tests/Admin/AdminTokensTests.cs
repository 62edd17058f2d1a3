using CsCheck;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Xunit;

namespace Strangler.Gateway.Tests.Admin;

public sealed class AdminTokensTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("strangler-tokens-").FullName;

    private string File => Path.Combine(_folder, "strangler.tokens");

    [Fact]
    public void Parse_FileOfAPerson_KnowsWhoseASecretIsAndNothingElse()
    {
        var tokens = AdminTokens.Parse("# comment secret0\nada secret1\n\nGrace Hopper secret2\r\nnothing\n");

        Assert.Equal(("ada", "Grace Hopper"), (tokens.Owner("secret1"), tokens.Owner("secret2")));
        foreach (var other in new[] { "", "secret", "secret1 ", "secret0", "ada", "ada secret1", "nothing" })
            Assert.Null(tokens.Owner(other));
        Assert.Equal(("secret2", "secret1"), (tokens.SecretFor("Grace Hopper"), tokens.SecretFor("somebody else")));
        Assert.Null(AdminTokens.Parse("").SecretFor("ada"));
    }

    [Fact]
    public void NewLine_AnyName_IsReadBack() =>
        Gen.String[Gen.Char["abÄ #.-"], 1, 20]
            .Where(AdminTokens.IsName)
            .Sample(name =>
            {
                var line = AdminTokens.NewLine(name);
                return AdminTokens.Parse(line).Owner(line[(line.LastIndexOf(' ') + 1)..]) == name;
            });

    [Fact]
    public void Ensure_ThenAdd_FileIsItsOwnersAndHoldsBoth()
    {
        Assert.True(AdminTokenFile.Ensure(File, "ada"));
        Assert.False(AdminTokenFile.Ensure(File, "bob"));
        var secret = AdminTokenFile.Add(File, "bob");
        var again = Assert.Throws<FaultException>(() => AdminTokenFile.Add(File, "bob"));

        var tokens = AdminTokenFile.Read(File)!;
        Assert.Equal("bob", tokens.Owner(secret));
        Assert.Equal(64, secret.Length);
        Assert.NotEqual(tokens.SecretFor("ada"), secret);
        Assert.Contains("'bob' has a token already", again.Message, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ada")]
    [InlineData("#ada")]
    [InlineData("a\nb")]
    public void Add_NoName_IsRefused(string name) =>
        Assert.Throws<FaultException>(() => AdminTokenFile.Add(File, name));

    [Fact]
    public void Ensure_FolderThatIsNotThere_SaysWhichKeyNamesIt()
    {
        var fault = Assert.Throws<FaultException>(() =>
            AdminTokenFile.Ensure(Path.Combine(_folder, "none", "tokens"), "ada")
        );

        Assert.Equal("Gateway:AdminTokenFile", Assert.Single(fault.Faults).Path);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
