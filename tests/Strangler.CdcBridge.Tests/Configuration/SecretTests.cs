using System.Text.Json;
using Strangler.CdcBridge.Configuration;
using Strangler.Foundation.Faults;
using Xunit;
using static Strangler.CdcBridge.Tests.Configuration.ConnectorProperties;

namespace Strangler.CdcBridge.Tests.Configuration;

/// <summary>Secrets are read from where Kafka Connect's providers read them, and never shown.</summary>
public sealed class SecretTests : IDisposable
{
    private const string Package = "org.apache.kafka.common.config.provider";

    private readonly string _folder = Directory.CreateTempSubdirectory("strangler-secrets-").FullName;

    private static (string, string?)[] Providers =>
        [
            ("Kafka:config.providers", "file, dir,env"),
            ("Kafka:config.providers.file.class", $"{Package}.FileConfigProvider"),
            ("Kafka:config.providers.dir.class", $"{Package}.DirectoryConfigProvider"),
            ("Kafka:config.providers.env.class", $"{Package}.EnvVarConfigProvider"),
        ];

    [Fact]
    public void Read_ReferencesOfEachKind_AreReplaced()
    {
        File.WriteAllText(Path.Combine(_folder, "db.properties"), "user = jo\npassword: p\\u00e4ss\n");
        File.WriteAllText(Path.Combine(_folder, "token"), "t0ken");
        var variable = $"STRANGLER_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(variable, "shop");

        var config = Read([
            .. Providers,
            ("database.user", $"${{file:{_folder}/db.properties:user}}"),
            ("database.password", $"${{file:{_folder}/db.properties:password}}"),
            ("database.dbname", $"${{env:{variable}}}_db"),
            ("Kafka:producer.client.id", $"a ${{dir:{_folder}:token}} b"),
        ]);

        Assert.Equal(("jo", "shop_db"), (config.Login, config.Database));
        Assert.Contains("Password=päss", config.Source, StringComparison.Ordinal);
        Assert.Equal("a t0ken b", config.Brokers!.Properties["producer.client.id"]);
    }

    [Theory]
    [InlineData("${vault:db:password}", "and 'config.providers' names no provider 'vault'.")]
    [InlineData("${file:db.properties:gone}", "which doesn't exist or isn't allowed.")]
    [InlineData("${file:absent.properties:x}", "which can't be read: ")]
    [InlineData("${dir:.:absent}", "which doesn't exist or isn't allowed.")]
    [InlineData("${file:a\0b:x}", "which can't be read: its name has a NUL character.")]
    [InlineData("${dir:a\0b:x}", "which ")]
    [InlineData("${file:/:x}", "which can't be read: it is a folder.")]
    [InlineData("${file:/dev/zero:x}", "which can't be read: it has more than 16 MiB.")]
    [InlineData("${env:STRANGLER_TEST_ABSENT}", "which doesn't exist or isn't allowed.")]
    [InlineData("${env:path:STRANGLER_TEST_ABSENT}", "which doesn't exist or isn't allowed.")]
    public void Read_ReferenceToNothing_IsAFault(string reference, string sentence)
    {
        File.WriteAllText(Path.Combine(_folder, "db.properties"), "password=x\n");
        var absolute = reference
            .Replace(":db.properties", $":{_folder}/db.properties", StringComparison.Ordinal)
            .Replace(":absent.", $":{_folder}/absent.", StringComparison.Ordinal)
            .Replace(":.:", $":{_folder}:", StringComparison.Ordinal);

        var fault = Assert.Single(FaultsOf([.. Providers, ("database.password", absolute)]));

        Assert.Equal("Source:database.password", fault.Path);
        Assert.Contains(sentence, fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ProviderOfAnotherClass_IsAFault() =>
        Assert.Contains(
            "'config.providers.vault.class' is 'com.example.Vault', which is not supported.",
            Assert
                .Single(
                    FaultsOf(
                        ("Kafka:config.providers", "vault"),
                        ("Kafka:config.providers.vault.class", "com.example.Vault"),
                        ("database.password", "${vault:a:b}")
                    )
                )
                .Problem,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("allowed", null)]
    [InlineData("elsewhere", "which doesn't exist or isn't allowed.")]
    public void Read_FileOutsideTheAllowedPaths_IsAFault(string allowed, string? sentence)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "allowed")).FullName;
        File.WriteAllText(Path.Combine(folder, "db.properties"), "password=x\n");

        var faults = FaultsOf([
            .. Providers,
            ("Kafka:config.providers.file.param.allowed.paths", Path.Combine(_folder, allowed)),
            ("database.password", $"${{file:{folder}/db.properties:password}}"),
        ]);

        Assert.Equal(sentence is null ? 0 : 1, faults.Count);
        Assert.All(faults, fault => Assert.Contains(sentence!, fault.Problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a(", "and 'config.providers.env.param.allowlist.pattern' is not a regular expression.")]
    [InlineData("(A+)+B", "which doesn't exist or isn't allowed.")] // it takes too long for this name
    public void Read_PatternOfAllowedNamesThatIsNone_IsAFaultOfTheReference(string pattern, string sentence) =>
        Assert.Contains(
            sentence,
            Assert
                .Single(
                    FaultsOf([
                        .. Providers,
                        ("Kafka:config.providers.env.param.allowlist.pattern", pattern),
                        ("database.password", $"${{env:{new string('A', 60)}}}"),
                    ])
                )
                .Problem,
            StringComparison.Ordinal
        );

    /// <summary>What isn't known in time to be a secret is treated as one.</summary>
    [Fact]
    public void Faults_PatternOfSecretsThatTakesTooLong_HidesTheValue()
    {
        var name = $"transforms.o.{new string('a', 60)}.type";

        var fault = Assert.Single(
            FaultsOf(
                ("custom.sanitize.pattern", "transforms\\.o\\.(a+)+b"),
                ("transforms", name[11..^5]),
                (name, "hunter")
            )
        );

        Assert.DoesNotContain("hunter", fault.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A value is searched for references once, whatever is in it.</summary>
    [Theory]
    [InlineData("${a", "${a")]
    [InlineData("${a}$${b}", "${a}$${b}")]
    [InlineData("a}b{c", "a}b{c")]
    public void Read_TextThatIsNoReference_StaysAsItIs(string value, string read) =>
        Assert.Contains($"Password={read}", Read(("database.password", value)).Source, StringComparison.Ordinal);

    [Fact]
    public void Read_VariableOutsideTheAllowedNames_IsAFault()
    {
        Environment.SetEnvironmentVariable("STRANGLER_TEST_OTHER", "x");

        Assert.Single(
            FaultsOf([
                .. Providers,
                ("Kafka:config.providers.env.param.allowlist.pattern", "CONNECT_.*"),
                ("database.password", "${env:STRANGLER_TEST_OTHER}"),
            ])
        );
    }

    [Fact]
    public void Faults_FaultySecrets_DoNotShowThem()
    {
        File.WriteAllText(Path.Combine(_folder, "db.properties"), "port=hunter1\n");

        var faults = FaultsOf([
            .. Providers,
            ("database.port", $"${{file:{_folder}/db.properties:port}}"),
            ("custom.sanitize.pattern", ".*digits"),
            ("money.fraction.digits", "hunter2"),
            ("column.mask.hash.nonsense.with.salt.hunter3", "a.b.c"),
        ]);

        Assert.Equal(3, faults.Count);
        Assert.DoesNotContain("hunter", string.Join('\n', faults), StringComparison.Ordinal);
        Assert.Contains("'***' is not a port.", string.Join('\n', faults), StringComparison.Ordinal);
    }

    /// <summary>Whatever a property is, and however wrong its value: a value by reference isn't shown.</summary>
    [Theory]
    [InlineData("hunter")]
    [InlineData("hunter (:,hunter[")]
    [InlineData("hunter.a:hunter;hunter:envelope:payload,hunter:envelope:payload")]
    public void Faults_AnyFaultyValueByReference_DoNotShowIt(string value)
    {
        File.WriteAllText(Path.Combine(_folder, "any"), value);
        string[] names = ["topic.creation.groups", "transforms"]; // their values are parts of properties' names
        var shown = PropertyTable
            .All.Where(rule => rule.Family is null && rule.Name != "event.format" && !names.Contains(rule.Name))
            .Select(rule => rule.Name)
            .Concat(OutboxRules.All.Select(rule => $"transforms.o.{rule.Name}"))
            .Concat(["Kafka:bootstrap.servers", "Kafka:topic.creation.enable", "column.truncate.to.5.chars"])
            .ToDictionary(
                static name => name,
                name =>
                    string.Join(
                        '\n',
                        FaultsOf([
                            .. Providers,
                            ("transforms", "o"),
                            ("transforms.o.type", "EventRouter"),
                            (name, $"${{dir:{_folder}:any}}"),
                        ])
                    )
            );

        Assert.DoesNotContain(shown, pair => pair.Value.Contains("hunter", StringComparison.Ordinal));
        Assert.True(shown.Values.Count(text => text.Contains("***", StringComparison.Ordinal)) > 20);
    }

    [Theory]
    [InlineData("column.mask.hash.SHA-256.with.salt.hunter", "column.mask.hash.SHA-256.with.salt.***")]
    [InlineData("column.mask.hash.v2.SHA-256.with.salt.a.hunter", "column.mask.hash.v2.SHA-256.with.salt.***")]
    [InlineData("column.mask.hash.SHA-256.with.salt.a\nhunter", "column.mask.hash.SHA-256.with.salt.***")]
    [InlineData("column.mask.hash.SHA-256.with.slat.hunter", "column.mask.hash.SHA-256.***")]
    public void Faults_FileWhoseSaltIsWrittenWrongly_DoNotShowIt(string name, string shown)
    {
        var quoted = JsonSerializer.Serialize(name);
        var list = Assert.Throws<FaultException>(() => ConnectorFile.Parse($"{{{quoted}:[1]}}", "c.json"));
        var twice = Assert.Throws<FaultException>(() =>
            ConnectorFile.Parse(
                $"{{{quoted}:1,{quoted.Replace("column", "COLUMN", StringComparison.Ordinal)}:2}}",
                "c.json"
            )
        );

        Assert.Equal($"c.json:{shown}", Assert.Single(list.Faults).Path);
        Assert.Equal($"c.json:{shown}", Assert.Single(twice.Faults).Path, ignoreCase: true);
    }

    [Fact]
    public void Parse_HalfOfACharacter_IsAFault()
    {
        var fault = Assert.Throws<FaultException>(() =>
            ConnectorFile.Parse("""{"connector.class": "x", "topic.prefix": "\ud800"}""", "c.json")
        );

        Assert.Contains("half of a character", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Notices_SaltOfAHash_IsNotShown() =>
        Assert.DoesNotContain(
            "hunter",
            string.Join('\n', FaultsOf(("event.format", null), ("column.mask.hash.SHA-256.with.salt.hunter", "a.b.c"))),
            StringComparison.Ordinal
        );

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
