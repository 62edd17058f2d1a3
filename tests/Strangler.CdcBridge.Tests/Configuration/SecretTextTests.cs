using System.Collections;
using System.Reflection;
using Strangler.Foundation.Faults;
using Xunit;
using static Strangler.CdcBridge.Tests.Configuration.ConnectorProperties;

namespace Strangler.CdcBridge.Tests.Configuration;

/// <summary>
/// Records print their members, so every object that a configuration with secrets is read into is asked for its text.
/// </summary>
public sealed class SecretTextTests
{
    private const string Secret = "hunter";

    [Fact]
    public void ToString_EveryObjectOfAConfigurationWithSecrets_ShowsNone()
    {
        var config = Read(
            ("Store:ConnectionString", $"Host=127.0.0.1;Username=u;Password={Secret};Database=d"),
            ("database.password", Secret),
            ("database.sslpassword", Secret),
            ($"column.mask.hash.SHA-256.with.salt.{Secret}", "a.b.c"),
            ($"column.mask.hash.v2.SHA-256.with.salt.{Secret}", "a.b.d"),
            ("Kafka:sasl.mechanism", "PLAIN"),
            ("Kafka:sasl.jaas.config", Login),
            ("Kafka:ssl.key.password", Secret),
            ("Kafka:producer.sasl.jaas.config", Login),
            ("admin.override.sasl.jaas.config", Login)
        );
        var objects = new List<object>();
        Collect(config, objects, new HashSet<object>(ReferenceEqualityComparer.Instance));

        Assert.Contains(objects, one => one is string text && text.Contains(Secret, StringComparison.Ordinal));
        var own = objects.Where(IsOurs).ToList();
        Assert.True(own.Count > 10);
        Assert.Empty(
            own.Where(one => one.ToString()!.Contains(Secret, StringComparison.Ordinal))
                .Select(one => one.GetType().Name)
        );
    }

    [Fact]
    public void Faults_ConfigurationWithSecretsThatIsWrongOtherwise_ShowNone() =>
        Assert.DoesNotContain(
            Secret,
            new FaultException([
                .. FaultsOf(
                    ("database.password", Secret),
                    ($"column.mask.hash.SHA-256.with.salt.{Secret}", "a(b"),
                    ("Kafka:sasl.jaas.config", $"com.example.Login required secret=\"{Secret}\";"),
                    ("Kafka:producer.acks", "0")
                ),
            ]).ToString(),
            StringComparison.Ordinal
        );

    private static string Login =>
        $"org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\"{Secret}\";";

    private static bool IsOurs(object one) =>
        one is not Enum && one.GetType().Namespace?.StartsWith("Strangler.", StringComparison.Ordinal) is true;

    /// <summary>What is reached through fields, as deep as the product's own types and collections go.</summary>
    private static void Collect(object? one, List<object> to, HashSet<object> seen)
    {
        if (one is null || !seen.Add(one))
            return;
        to.Add(one);
        if (one is IEnumerable list and not string)
        {
            foreach (var element in list)
                Collect(element, to, seen);
        }
        if (!IsOurs(one))
            return;
        for (var type = one.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (
                var field in type.GetFields(
                    BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly
                )
            )
                Collect(field.GetValue(one), to, seen);
        }
    }
}
