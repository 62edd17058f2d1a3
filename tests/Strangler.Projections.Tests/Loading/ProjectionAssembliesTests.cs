using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Cultures;
using Strangler.Foundation.Faults;
using Strangler.Projections.Loading;
using Strangler.Projections.Tests.Versions;
using Xunit;

namespace Strangler.Projections.Tests.Loading;

public sealed class ProjectionAssembliesTests : IDisposable
{
    private const string Projection = """
        using System;
        using System.Text;
        using Strangler.Projections;

        namespace Shop;

        public sealed record Stock(string Sku, int OnHand);
        public sealed record Availability(int Quantity);

        public readonly record struct Sku(string Value) : IParsable<Sku>
        {
            public static Sku Parse(string text, IFormatProvider? provider) => new(text);
            public static bool TryParse(string? text, IFormatProvider? provider, out Sku sku)
            { sku = new(text ?? ""); return text is { Length: > 0 }; }
            public override string ToString() => Value;
        }

        public sealed class ItemAvailability : IProjection<Sku, Availability>
        {
            public static void Declare(ISources<Sku> from) =>
                from.Table<Stock>("public.stock").Key(stock => new Sku(stock.Sku));
            public static Projected<Availability> Project(Sku key, Rows rows, DateTimeOffset now) =>
                rows.Single<Stock>() is { } stock ? new(new Availability(Library.Twice(stock.OnHand))) : default;
        }

        public static class Library { public static int Twice(int value) => value * 2; }
        """;

    private static readonly string Contract = typeof(IResponder).Assembly.Location;
    private readonly string _folder = Directory.CreateTempSubdirectory("strangler-assemblies-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_AssemblyBesideTheConfiguration_GivesItsResponders()
    {
        Compile("Shop", Projection);

        var responder = Assert.Single(ProjectionAssemblies.Load(Configuration("Shop.dll")));

        Assert.Equal("ItemAvailability", responder.Projection.Name);
        Assert.Equal(64, responder.Projection.Version.Length);
        Assert.Equal("a", responder.Canonical("a"));
        Assert.Equal(
            404,
            responder
                .Respond(
                    new("GET", new Dictionary<string, string>(), new Dictionary<string, string>(), null),
                    [("a", null)]
                )
                .Status
        );
    }

    /// <summary>With other culture data, the same code makes other documents.</summary>
    [Fact]
    public void Load_SameCodeWithOtherCultures_IsAnotherVersionThatSaysWhatDiffers()
    {
        Compile("Shop", Projection);

        string[] cultures = ["invariant", "ICU 72", "ICU 76"];
        var responders = cultures
            .Select(mark => Assert.Single(ProjectionCatalog.Load(Configuration("Shop.dll"), mark)).Responder)
            .ToList();

        Assert.Equal(3, responders.Select(responder => responder.Projection.Version).Distinct().Count());
        Assert.Equal(cultures, responders.Select(responder => responder.Code!.Cultures));
        Assert.Single(responders.Select(responder => responder.Code!.Hash).Distinct());
        Assert.Equal(
            CultureData.Name,
            Assert.Single(ProjectionCatalog.Load(Configuration("Shop.dll"))).Responder.Code!.Cultures
        );
    }

    [Fact]
    public void Load_AssemblyWithADependencyBesideIt_ComputesWithIt()
    {
        var library = Compiler.Compile(
            _folder,
            "Library",
            [
                (
                    "Library.cs",
                    "namespace Shop; public static class Library { public static int Twice(int value) => value * 2; }"
                ),
            ]
        );
        Compile(
            "Shop",
            Projection.Replace(
                "public static class Library { public static int Twice(int value) => value * 2; }",
                "",
                StringComparison.Ordinal
            ),
            library
        );
        var model = Assert.Single(ProjectionCatalog.Load(Configuration(Path.Combine(_folder, "Shop.dll"))));
        var row = model.Tables[0].Read("""{"sku":"a","on_hand":4}"""u8.ToArray());

        Assert.Equal("""{"quantity":8}"""u8.ToArray(), model.Compute("a", Rows.Of(row), default).Bytes);
    }

    [Fact]
    public void Load_NoAssemblyNamed_IsNone() => Assert.Empty(ProjectionAssemblies.Load(Configuration()));

    [Fact]
    public void Load_EverythingThatCanBeWrong_IsSaidAtOnceWithItsPath()
    {
        Compile("One", Projection);
        Compile("Two", Projection);
        Compile("Nothing", "namespace Shop; public static class Nothing { }");
        Compile(
            "Faulty",
            Projection
                .Replace("ItemAvailability", "Pathless", StringComparison.Ordinal)
                .Replace(".Key(stock => new Sku(stock.Sku))", "", StringComparison.Ordinal)
        );
        File.WriteAllText(Path.Combine(_folder, "text.dll"), "no assembly");

        var faults = Assert
            .Throws<FaultException>(() =>
                ProjectionAssemblies.Load(
                    Configuration("One.dll", "absent.dll", "text.dll", "Nothing.dll", "", "Faulty.dll", "Two.dll")
                )
            )
            .Faults;

        (string Path, string Said)[] expected =
        [
            ("Projections:Assemblies:1", $"looked for {Path.Combine(_folder, "absent.dll")}, "),
            ("Projections:Assemblies:2", "is not a .NET assembly"),
            ("Projections:Assemblies:3", "declares no projection"),
            ("Projections:Assemblies:4", "is empty"),
            ("Pathless: public.stock", "No path leads"),
            ("Pathless", "names the key"),
            ("Projections:Assemblies:0 and Projections:Assemblies:6", "2 projections with the name 'ItemAvailability'"),
        ];
        Assert.Equal(expected.Select(one => one.Path), faults.Select(fault => fault.Path));
        Assert.All(
            expected.Zip(faults),
            pair => Assert.Contains(pair.First.Said, pair.Second.Problem, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Load_DependencyThatIsMissing_IsASentence()
    {
        var library = Compiler.Compile(
            Path.Combine(_folder, "elsewhere"),
            "Library",
            [("Library.cs", "namespace Shop; public record Library(int Value);")]
        );
        Compile("Shop", "using Shop; public sealed record Row(int Value) : Library(Value);", library);

        var fault = Assert.Single(
            Assert.Throws<FaultException>(() => ProjectionAssemblies.Load(Configuration("Shop.dll"))).Faults
        );

        Assert.Contains("'Library", fault.Problem, StringComparison.Ordinal);
        Assert.Contains("dotnet publish", fault.WayOut, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SomeIncluded_GivesThoseOnly()
    {
        Compile("One", Projection);
        Compile("Two", Projection.Replace("ItemAvailability", "Other", StringComparison.Ordinal));

        Assert.Equal(["ItemAvailability", "Other"], Names(null));
        Assert.Equal(["Other"], Names("Other"));
        Assert.Equal(["ItemAvailability", "Other"], Names("Other", "ItemAvailability"));

        IEnumerable<string> Names(params string[]? include) =>
            ProjectionAssemblies
                .Load(Configuration(["One.dll", "Two.dll"], include))
                .Select(responder => responder.Projection.Name);
    }

    [Fact]
    public void Load_IncludedNameThatNoAssemblyDeclares_IsAFaultThatNamesThoseThereAre()
    {
        Compile("One", Projection);

        var fault = Assert.Single(
            Assert
                .Throws<FaultException>(() =>
                    ProjectionAssemblies.Load(Configuration(["One.dll"], ["ItemAvailability", "Elsewhere"]))
                )
                .Faults
        );

        Assert.Equal("Projections:Include:1", fault.Path);
        Assert.Contains("'Elsewhere'", fault.Problem, StringComparison.Ordinal);
        Assert.Contains("There are ItemAvailability;", fault.WayOut, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfTwoOfOneNameTheOtherIncluded_IsNoFault()
    {
        Compile("One", Projection);
        Compile(
            "Two",
            Projection
                + (
                    "public sealed class Other : IProjection<Sku, Availability> { public static void "
                    + "Declare(ISources<Sku> from) => ItemAvailability.Declare(from); public static "
                    + "Projected<Availability> Project(Sku key, Rows rows, DateTimeOffset now) => default; }"
                )
        );

        Assert.Equal(
            ["Other"],
            ProjectionAssemblies
                .Load(Configuration(["One.dll", "Two.dll"], ["Other"]))
                .Select(responder => responder.Projection.Name)
        );
    }

    /// <summary>
    /// The team's code runs while it is loaded, and may do anything: any failure is a fault of the assembly, with a
    /// message, within a time limit.
    /// </summary>
    [Theory]
    [InlineData(
        "from.Table<Stock>(\"public.stock\").Key(stock => new Sku(stock.Sku));",
        "throw new OutOfMemoryException(\"So much.\");",
        "Declare threw OutOfMemoryException: So much."
    )]
    [InlineData(
        "from.Table<Stock>(\"public.stock\").Key(stock => new Sku(stock.Sku));",
        "System.Threading.Thread.Sleep(-1);",
        "did not end within 1.5 s"
    )]
    [InlineData(
        "{ sku = new(text ?? \"\"); return text is { Length: > 0 }; }",
        "=> throw new InvalidOperationException(\"No key.\");",
        "key type threw InvalidOperationException: No key."
    )]
    [InlineData(
        "public override string ToString() => Value;",
        "public override string ToString() => throw new InvalidOperationException(\"No text.\");",
        "key type threw InvalidOperationException: No text."
    )]
    [InlineData(
        "public override string ToString() => Value;",
        "public override string ToString() => Value; "
            + "static Sku() => throw new InvalidOperationException(\"No type.\");",
        "No type."
    )]
    [InlineData(
        "public static Projected<Availability> Project",
        "static ItemAvailability() => throw new InvalidOperationException(\"No class.\"); public static "
            + "Projected<Availability> Project",
        "No class."
    )]
    [InlineData(
        "public static Projected<Availability> Project",
        "public static System.Text.Json.JsonSerializerOptions Json => throw new InvalidOperationException(\"No "
            + "options.\"); public static Projected<Availability> Project",
        "Json threw InvalidOperationException: No options."
    )]
    public async Task Load_TheTeamsCodeThrowsOrHangs_IsASentence(string code, string instead, string sentence)
    {
        Assert.Contains(code, Projection, StringComparison.Ordinal);
        Compile("Shop", Projection.Replace(code, instead, StringComparison.Ordinal));
        var configuration = Configuration("Shop.dll");
        var hangs = instead.Contains("Sleep", StringComparison.Ordinal);
        configuration["Projections:LoadLimit"] = hangs ? "00:00:01.5" : "00:10:00";

        var loading = Task.Run(() => ProjectionAssemblies.Load(configuration), TestContext.Current.CancellationToken);
        var thrown = await Assert.ThrowsAsync<FaultException>(() =>
            loading.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken)
        );

        Assert.Contains(thrown.Faults, fault => $"{fault}".Contains(sentence, StringComparison.Ordinal));
    }

    private void Compile(string name, string source, params string[] references) =>
        Compiler.Compile(_folder, name, [(name + ".cs", source)], [Contract, .. references]);

    private IConfiguration Configuration(params string[] assemblies) => Configuration(assemblies, null);

    private IConfiguration Configuration(string[] assemblies, string[]? include)
    {
        var path = Path.Combine(_folder, "strangler.json");
        File.WriteAllText(
            path,
            System.Text.Json.JsonSerializer.Serialize(
                new { Projections = new { Assemblies = assemblies, Include = include } }
            )
        );
        return new ConfigurationBuilder().AddJsonFile(path).AddEnvironmentVariables("STRANGLER__").Build();
    }
}
