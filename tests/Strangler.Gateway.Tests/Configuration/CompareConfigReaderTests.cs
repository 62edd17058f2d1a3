using System.Text;
using Microsoft.Extensions.Configuration;
using Strangler.Comparing.Paths;
using Strangler.Comparing.Rules;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Configuration;
using Xunit;

namespace Strangler.Gateway.Tests.Configuration;

public sealed class CompareConfigReaderTests
{
    [Fact]
    public void Read_EveryMember_MeansWhatItSays()
    {
        var (rules, faults) = Read(
            """
            {
              "Headers": ["Cache-Control", "Vary"],
              "IgnoreHeaders": ["X-Powered-By"],
              "Ignore": ["$.at"],
              "AnyOrder": ["$.tags"],
              "KeyedBy": { "$.items": "$.sku" },
              "NullIsMissing": true,
              "IgnoreCase": ["$.code"],
              "Maps": ["$.stock"],
              "Text": "text",
              "Tolerances": [
                { "Path": "$.price", "Absolute": 0.01 },
                { "Path": "$.rate", "Relative": "0.001" },
                { "Path": "$.until", "Time": "00:00:01" }
              ],
              "Mask": ["$.name"],
              "HashValues": ["$.mail"],
              "MaxDepth": 10,
              "MaxBodyBytes": 2000,
              "MaxRatio": 5,
              "Parts": { "Path": "$.items[*]", "By": "$.sku" }
            }
            """
        );

        Assert.Empty(faults);
        Assert.Equal(["Cache-Control", "Vary"], rules.Headers);
        Assert.Equal(["X-Powered-By"], rules.IgnoreHeaders);
        Assert.Equal([PathPattern.Parse("$.at")], rules.Ignore);
        Assert.Equal([PathPattern.Parse("$.tags")], rules.AnyOrder);
        Assert.Equal([new KeyedArray(PathPattern.Parse("$.items"), PathPattern.Parse("$.sku"))], rules.KeyedBy);
        Assert.Equal([PathPattern.Parse("$..*")], rules.NullIsMissing);
        Assert.Equal([PathPattern.Parse("$.code")], rules.IgnoreCase);
        Assert.Equal([PathPattern.Parse("$.stock")], rules.Maps);
        Assert.Equal(OtherContent.Text, rules.Text);
        Assert.Equal(
            [
                new Tolerance.Absolute(PathPattern.Parse("$.price"), 0.01m),
                new Tolerance.Relative(PathPattern.Parse("$.rate"), 0.001m),
                new Tolerance.Time(PathPattern.Parse("$.until"), TimeSpan.FromSeconds(1)),
            ],
            rules.Tolerances
        );
        Assert.Equal([PathPattern.Parse("$.name")], rules.Mask);
        Assert.Equal([PathPattern.Parse("$.mail")], rules.HashValues);
        Assert.Equal((10, 2000, 5), (rules.MaxDepth, rules.MaxBodyBytes, rules.MaxRatio));
        Assert.Equal(new PartsRule(PathPattern.Parse("$.items[*]"), PathPattern.Parse("$.sku")), rules.Parts);
    }

    [Fact]
    public void Read_NothingOrLists_IsExactOrThoseLists()
    {
        Assert.Equal(ComparisonRules.Exact.Hash, Read("{}").Rules.Hash);
        Assert.Equal(ComparisonRules.Exact.Hash, Read("null").Rules.Hash);
        Assert.Equal(
            [new KeyedArray(PathPattern.Parse("$['a:b']"), PathPattern.Parse("$.c"))],
            Read("""{"KeyedBy":[{"Path":"$['a:b']","By":"$.c"}]}""").Rules.KeyedBy
        );
        Assert.Equal(
            [PathPattern.Parse("$.a"), PathPattern.Parse("$.b")],
            Read("""{"NullIsMissing":["$.a","$.b"]}""").Rules.NullIsMissing
        );
    }

    [Theory]
    [InlineData("""{"Ignored":["$.a"]}""", ":Ignored", "'Ignore'")]
    [InlineData("""{"Ignore":"$.a"}""", ":Ignore", "brackets")]
    [InlineData("""{"Ignore":["$.a","$.a-b"]}""", ":Ignore:1", "at character 4")]
    [InlineData("""{"Ignore":["$"]}""", ":Ignore", "whole answer")]
    [InlineData("""{"Ignore":["$..*"]}""", ":Ignore", "whole answer")]
    [InlineData("""{"Headers":["Content-Length"]}""", ":Headers:0", "how an answer is sent")]
    [InlineData("""{"IgnoreHeaders":["a b"]}""", ":IgnoreHeaders:0", "is not a header's name")]
    [InlineData("""{"Headers":["ETag"],"IgnoreHeaders":["etag"]}""", ":IgnoreHeaders", "is also in 'Headers'")]
    [InlineData("""{"Headers":["a b"]}""", ":Headers:0", "is not a header's name")]
    [InlineData("""{"Tolerances":[{"Path":"$.a"}]}""", ":Tolerances:0", "how much")]
    [InlineData(
        """{"Tolerances":[{"Path":"$.a","Absolute":1,"Time":"00:00:01"}]}""",
        ":Tolerances:0",
        "'Absolute' and 'Time'"
    )]
    [InlineData("""{"Tolerances":[{"Path":"$.a","Absolute":-1}]}""", ":Tolerances:0:Absolute", "above 0")]
    [InlineData("""{"Tolerances":[{"Path":"$.a","Relative":1}]}""", ":Tolerances:0:Relative", "below 1")]
    [InlineData("""{"Tolerances":[{"Path":"$.a","Time":"1"}]}""", ":Tolerances:0:Time", "hours:minutes:seconds")]
    [InlineData("""{"Tolerances":[{"Path":"a","Absolute":1}]}""", ":Tolerances:0:Path", "at character 1")]
    [InlineData("""{"KeyedBy":{"$.a":"$.b[0]"}}""", ":KeyedBy:$.a", "one member")]
    [InlineData("""{"KeyedBy":{"a":"$.b"}}""", ":KeyedBy:a", "at character 1")]
    [InlineData("""{"KeyedBy":{"$.a":"$.b"},"AnyOrder":["$['a']"]}""", ":KeyedBy", "'AnyOrder'")]
    [InlineData("""{"NullIsMissing":"yes"}""", ":NullIsMissing", "true")]
    [InlineData("""{"Text":"lines"}""", ":Text", "'bytes' or 'text'")]
    [InlineData("""{"Mask":["$.a[0].b"]}""", ":Mask", "index")]
    [InlineData("""{"MaxDepth":1000}""", ":MaxDepth", "256")]
    [InlineData("""{"MaxBodyBytes":0}""", ":MaxBodyBytes", "1048576")]
    [InlineData("""{"MaxRatio":"x"}""", ":MaxRatio", "20")]
    [InlineData("""{"Parts":{"Path":"$.items","By":"$.sku"}}""", ":Parts:Path", "[*]")]
    [InlineData("""{"Parts":{"Path":"$..items[*]","By":"$.sku"}}""", ":Parts:Path", "[*]")]
    [InlineData("""{"Parts":{"Path":"$.items[*]"}}""", ":Parts:By", "at character 1")]
    [InlineData("""{"Parts":{"Path":"$.items[*]","By":"$"}}""", ":Parts:By", "one member")]
    public void Read_Fault_SaysWhereAndTheWayOut(string section, string path, string says)
    {
        var fault = Assert.Single(Read(section).Faults);

        Assert.Equal("Compare" + path, fault.Path);
        Assert.Contains(says, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ManyFaults_AreSaidAtOnce() =>
        Assert.Equal(4, Read("""{"Ignore":["a","$.b","c"],"Text":"x","MaxDepth":0}""").Faults.Count);

    private static (ComparisonRules Rules, List<Fault> Faults) Read(string section)
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{"Compare":{{section}}}""")))
            .Build();
        var faults = new List<Fault>();
        return (new CompareConfigReader(configuration.GetSection("Compare"), "key"u8.ToArray(), faults).Read(), faults);
    }
}
