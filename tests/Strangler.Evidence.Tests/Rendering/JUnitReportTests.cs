using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using Strangler.Evidence.Rendering;
using Strangler.Testing;
using Xunit;

namespace Strangler.Evidence.Tests.Rendering;

public sealed class JUnitReportTests
{
    /// <summary>What Jenkins and similar tools accept (junit-10.xsd), as far as we use it.</summary>
    private const string Schema = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
          <xs:element name="failure"><xs:complexType mixed="true">
            <xs:attribute name="type" type="xs:string"/>
            <xs:attribute name="message" type="xs:string"/>
          </xs:complexType></xs:element>
          <xs:element name="system-out" type="xs:string"/>
          <xs:element name="testcase"><xs:complexType>
            <xs:sequence><xs:element ref="failure" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
            <xs:attribute name="name" type="xs:string" use="required"/>
            <xs:attribute name="time" type="xs:decimal"/>
            <xs:attribute name="classname" type="xs:string"/>
          </xs:complexType></xs:element>
          <xs:element name="testsuite"><xs:complexType>
            <xs:sequence>
              <xs:element ref="testcase" minOccurs="0" maxOccurs="unbounded"/>
              <xs:element ref="system-out" minOccurs="0"/>
            </xs:sequence>
            <xs:attribute name="name" type="xs:string" use="required"/>
            <xs:attribute name="tests" type="xs:int" use="required"/>
            <xs:attribute name="failures" type="xs:int"/>
            <xs:attribute name="errors" type="xs:int"/>
            <xs:attribute name="skipped" type="xs:int"/>
            <xs:attribute name="time" type="xs:decimal"/>
            <xs:attribute name="timestamp" type="xs:dateTime"/>
          </xs:complexType></xs:element>
          <xs:element name="testsuites"><xs:complexType>
            <xs:sequence><xs:element ref="testsuite" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
            <xs:attribute name="name" type="xs:string"/>
            <xs:attribute name="time" type="xs:decimal"/>
            <xs:attribute name="tests" type="xs:int"/>
            <xs:attribute name="failures" type="xs:int"/>
            <xs:attribute name="errors" type="xs:int"/>
          </xs:complexType></xs:element>
        </xs:schema>
        """;

    [Fact]
    public void Write_Full_IsTheGoldenXml() => Golden.Equal("full.xml", JUnitReport.Write(SampleReports.Full));

    [Fact]
    public void Write_AnyReport_FitsTheSchemaAndCountsItsCases()
    {
        var odd = SampleReports.Full with
        {
            Routes =
            [
                SampleReports.Wrong with
                {
                    Differences = [new("$.a\u0001\ud800<&", "value", 1, default, default, ["none"])],
                },
            ],
        };
        foreach (var report in new[] { SampleReports.Full, SampleReports.Ready, SampleReports.None, odd })
        {
            var schemas = new XmlSchemaSet();
            using var schema = XmlReader.Create(new StringReader(Schema));
            schemas.Add(XmlSchema.Read(schema, null)!);
            var document = XDocument.Parse(JUnitReport.Write(report));

            document.Validate(schemas, (_, fault) => Assert.Fail(fault.Message));

            foreach (var suite in document.Root!.Elements("testsuite"))
            {
                Assert.Equal((int)suite.Attribute("tests")!, suite.Elements("testcase").Count());
                Assert.Equal(
                    (int)suite.Attribute("failures")!,
                    suite.Elements("testcase").Count(one => one.Element("failure") is not null)
                );
            }
            Assert.Equal(report.Routes.Count, document.Root.Elements("testsuite").Count());
        }
    }

    [Fact]
    public void Write_ReadyRoute_HasNoFailure() =>
        Assert.DoesNotContain("<failure", JUnitReport.Write(SampleReports.Ready), StringComparison.Ordinal);
}
