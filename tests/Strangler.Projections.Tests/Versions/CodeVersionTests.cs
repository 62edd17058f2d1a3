using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Strangler.Projections.Versions;
using Xunit;

namespace Strangler.Projections.Tests.Versions;

public sealed class CodeVersionTests : IDisposable
{
    private const string Rules = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Text.Json.Serialization;

        namespace Shop;

        public sealed record Offer(string Sku, int Price)
        {
            [JsonPropertyName("eur")] public int Euro { get; init; } = 7;
        }

        public static class Rules
        {
            public const int Limit = 100;
            private static readonly int[] Steps = [1, 2, 3, 5, 8];

            public static bool Sells(Offer offer) =>
                offer.Price < Limit && offer.Sku.StartsWith("item", StringComparison.Ordinal);

            public static IEnumerable<int> Over(int least) => from step in Steps where step > least select step * 2;

            public static string Word(int number) => number switch { 1 => "one", 2 => "two", _ => Hidden.Text };
        }

        file static class Hidden { public static string Text => "many"; }
        """;

    private const string Other = """
        namespace Shop;

        public interface ICount<in T> { int Count(T value) => 1; }

        public sealed class Counter<T> : ICount<T> where T : notnull
        {
            int ICount<T>.Count(T value)
            {
                try { return value.GetHashCode(); } catch (System.InvalidOperationException) { return 0; }
            }
        }
        """;

    private static string? _unchanged;
    private readonly string _folder = Directory.CreateTempSubdirectory("strangler-versions-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Of_SameSourceInAnotherFolderAndFileOrder_IsTheSame()
    {
        var here = Compile("here", [("Rules.cs", Rules), ("Other.cs", Other)]);
        var there = Compile("there/deeper", [("Other.cs", Other), ("Rules.cs", Rules)]);

        Assert.NotEqual(ModuleId(here), ModuleId(there));
        Assert.Equal(CodeVersion.Of(here), CodeVersion.Of(there));
        Assert.Equal(
            3,
            new[] { CodeVersion.Of(here, "invariant"), CodeVersion.Of(here, "ICU 72"), CodeVersion.Of(here, "ICU 76") }
                .Distinct()
                .Count()
        ); // other culture data, other documents
        Assert.Matches("^[0-9a-f]{64}$", CodeVersion.Of(here));
    }

    [Fact]
    public void Of_CopyInAnotherFolder_IsTheSame()
    {
        var path = typeof(IResponder).Assembly.Location;
        var copy = Path.Combine(_folder, Path.GetFileName(path));
        File.Copy(path, copy);

        Assert.Equal(CodeVersion.Of(path), CodeVersion.Of(copy));
    }

    [Theory]
    [InlineData("Limit = 100", "Limit = 101")]
    [InlineData("offer.Price < Limit", "offer.Price <= Limit")]
    [InlineData("\"item\"", "\"Item\"")]
    [InlineData("1, 2, 3, 5, 8", "1, 2, 3, 5, 9")]
    [InlineData("\"eur\"", "\"euro\"")]
    [InlineData("Euro { get; init; } = 7", "Euro { get; init; } = 8")]
    [InlineData("step > least select step * 2", "step > least select step * 3")]
    [InlineData("StringComparison.Ordinal)", "StringComparison.OrdinalIgnoreCase)")]
    [InlineData("offer.Sku.StartsWith", "offer.Sku.EndsWith")]
    [InlineData("\"many\"", "\"more\"")]
    [InlineData("int Price", "int? Price")]
    public void Of_ChangedRule_IsAnother(string from, string to)
    {
        _unchanged ??= CodeVersion.Of(Compile("before", [("Rules.cs", Rules)]));

        var changed = CodeVersion.Of(
            Compile("after", [("Rules.cs", Rules.Replace(from, to, StringComparison.Ordinal))])
        );

        Assert.Contains(from, Rules, StringComparison.Ordinal);
        Assert.NotEqual(_unchanged, changed);
    }

    [Fact]
    public void Of_ChangedTypeOfCatchOrConstraintOrOverride_IsAnother()
    {
        var before = CodeVersion.Of(Compile("before", [("Other.cs", Other)]));

        Assert.NotEqual(
            before,
            CodeVersion.Of(
                Compile(
                    "catch",
                    [
                        (
                            "Other.cs",
                            Other.Replace("InvalidOperationException", "ArgumentException", StringComparison.Ordinal)
                        ),
                    ]
                )
            )
        );
        Assert.NotEqual(
            before,
            CodeVersion.Of(
                Compile("constraint", [("Other.cs", Other.Replace("notnull", "class", StringComparison.Ordinal))])
            )
        );
        Assert.NotEqual(
            before,
            CodeVersion.Of(
                Compile(
                    "override",
                    [
                        (
                            "Other.cs",
                            Other.Replace("int ICount<T>.Count(", "public int Counted(", StringComparison.Ordinal)
                        ),
                    ]
                )
            )
        );
    }

    [Fact]
    public void Of_CommentsLocalNamesAndAssemblyAttributes_IsTheSame()
    {
        var before = Compile("before", [("Other.cs", Other)]);
        var after = Compile(
            "after",
            [
                (
                    "Other.cs",
                    "// a comment\n"
                        + Other.Replace(
                            "namespace Shop;",
                            "[assembly: System.Reflection.AssemblyInformationalVersion(\"1.2.3+abcdef\")]\n\n"
                                + "namespace Shop;",
                            StringComparison.Ordinal
                        )
                ),
            ]
        );

        Assert.Equal(CodeVersion.Of(before), CodeVersion.Of(after));
    }

    [Fact]
    public void Of_ChangedReferenceThatLiesBeside_IsAnother()
    {
        const string Uses =
            "namespace Shop; public static class Uses { public static int Of(int value) => Library.Twice(value); }";
        const string Library =
            "namespace Shop; public static class Library { public static int Twice(int value) => value * 2; }";
        var versions = new List<string>();
        foreach (
            var (name, text) in new[]
            {
                ("one", Library),
                ("same", Library),
                ("other", Library.Replace("* 2", "* 3", StringComparison.Ordinal)),
            }
        )
        {
            var library = Compiler.Compile(Path.Combine(_folder, name), "Library", [("Library.cs", text)]);
            versions.Add(
                CodeVersion.Of(Compiler.Compile(Path.Combine(_folder, name), "Shop", [("Uses.cs", Uses)], library))
            );
        }

        Assert.Equal(versions[0], versions[1]);
        Assert.NotEqual(versions[0], versions[2]);
    }

    [Fact]
    public void Of_AssembliesWithUnusualCode_AreReadWhole()
    {
        // Between them they have filters, switches, pinned locals, explicit layouts, initial data, calls into libraries
        // and resources.
        foreach (var type in new[] { typeof(System.Text.Json.JsonSerializer), typeof(System.Diagnostics.Process) })
            Assert.Matches("^[0-9a-f]{64}$", CodeVersion.Of(type.Assembly.Location));
    }

    [Fact]
    public void Of_FileThatIsNoAssembly_Throws()
    {
        var path = Path.Combine(_folder, "text.dll");
        File.WriteAllText(path, "no assembly");

        Assert.Throws<BadImageFormatException>(() => CodeVersion.Of(path));
    }

    private string Compile(string folder, IEnumerable<(string, string)> sources) =>
        Compiler.Compile(Path.Combine(_folder, folder), "Shop", sources);

    private static Guid ModuleId(string path)
    {
        using var image = new PEReader(File.OpenRead(path));
        var reader = image.GetMetadataReader();
        return reader.GetGuid(reader.GetModuleDefinition().Mvid);
    }
}
