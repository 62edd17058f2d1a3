using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Outbox;
using Xunit;

namespace Strangler.CdcBridge.Tests.Outbox;

/// <summary>The JSON and the schemas that the router gave for the same payloads.</summary>
public sealed class PayloadExpansionTests
{
    private const string OptionalText = """{"type":"string","optional":true""";

    [Theory]
    [InlineData("""{"a" : 1 , "b":[ 1, 2 ]}""", """{"a":1,"b":[1,2]}""")]
    [InlineData("""{"n":null,"o":{"n":null,"z":1},"e":{}}""", """{"o":{"z":1},"e":{}}""")]
    [InlineData(
        """{"exp":1e3,"neg":-0.0,"zero":-0,"int":2147483648}""",
        """{"exp":1000.0,"neg":-0.0,"zero":0,"int":2147483648}"""
    )]
    [InlineData("""{"tiny":1e-400,"huge":1e400,"fine":0.1}""", """{"tiny":0.0,"huge":"Infinity","fine":0.1}""")]
    [InlineData("""{"dup":1,"x":0,"dup":2}""", """{"dup":2,"x":0}""")]
    [InlineData("""{"dup":1,"x":0,"dup":"a"}""", """{"dup":"a","x":0}""")]
    [InlineData("""{"empty":[],"after":1}""", """{"after":1}""")]
    [InlineData("""{"strings":["a",null,"b"]}""", """{"strings":["a",null,"b"]}""")]
    [InlineData("""{"nested":[[1],[2,3],[]]}""", """{"nested":[[1],[2,3],[]]}""")]
    [InlineData("""{"a":[{"a":1},{"b":"x"}]}""", """{"a":[{"a":1,"b":null},{"a":null,"b":"x"}]}""")]
    [InlineData("""{"a":[{"o":{"x":1}},{"o":{"y":1}}]}""", """{"a":[{"o":{"x":1}},{"o":{"x":null}}]}""")]
    [InlineData("""{"a":1} trailing""", """{"a":1}""")]
    [InlineData("""{"a":1}}""", """{"a":1}""")]
    [InlineData("{\"\\u0061\\/\\n\":\"\\u00e9\\\"\\ud83d\\ude00\"}", "{\"a/\\n\":\"é\\\"\\uD83D\\uDE00\"}")]
    [InlineData("{\"a\":\"\\ud83d\"}", "{\"a\":\"\\uD83D\"}")]
    public void Of_ObjectWithoutNulls_IsWritten(string text, string json) =>
        Assert.Equal(json, System.Text.Encoding.UTF8.GetString(Structured(text, keepsNulls: false).Json));

    [Theory]
    [InlineData("""{"n":null,"o":{"n":null}}""", """{"n":null,"o":{"n":null}}""")]
    [InlineData("""{"nulls":[null,null]}""", """{"nulls":[null,null]}""")]
    [InlineData("""{"a":[{"n":null},{"n":1}]}""", """{"a":[{"n":null},{"n":1}]}""")]
    public void Of_ObjectWithNulls_HasThem(string text, string json) =>
        Assert.Equal(json, System.Text.Encoding.UTF8.GetString(Structured(text, keepsNulls: true).Json));

    [Fact]
    public void Of_Object_HasASchemaOfItsOwn() =>
        Assert.Equal(
            """{"type":"struct","fields":["""
                + """{"type":"int32","optional":true,"field":"i"},{"type":"int64","optional":true,"field":"l"},"""
                + """{"type":"double","optional":true,"field":"d"},{"type":"boolean","optional":true,"field":"b"},"""
                + $$"""{{OptionalText}},"field":"s"},"""
                + $$"""{"type":"array","items":{{OptionalText}}},"optional":true,"field":"l2"},"""
                + """{"type":"struct","fields":[{"type":"bytes","optional":true,"field":"n"}],"optional":true,"""
                + "\"name\":\"body.o\",\"field\":\"o\"}],\"optional\":true,\"name\":\"body\"}",
            SchemaOf("""{"i":1,"l":9007199254740993,"d":1.5,"b":true,"s":"x","l2":["a"],"o":{"n":null}}""")
        );

    [Fact]
    public void Of_ObjectsOfOneArray_AreMergedTheWidestFirst() =>
        Assert.Equal(
            """{"type":"struct","fields":[{"type":"array","items":{"type":"struct","fields":["""
                + """{"type":"int32","optional":true,"field":"a"},{"type":"bytes","optional":true,"field":"c"},"""
                + $$"""{{OptionalText}},"field":"b"}],"optional":false,"name":"body.objects"},"optional":true,"""
                + "\"field\":\"objects\"}],\"optional\":true,\"name\":\"body\"}",
            SchemaOf("""{"objects":[{"a":1},{"b":"x"},{"a":2,"c":null}]}""")
        );

    [Theory]
    [InlineData("true", "it begins with neither a brace nor a bracket")]
    [InlineData("", "it begins with neither a brace nor a bracket")]
    [InlineData("  {}", "it begins with neither a brace nor a bracket")]
    [InlineData("{broken", "it isn't JSON")]
    [InlineData("{\"a\":01}", "it isn't JSON")]
    [InlineData("{'a':1}", "it isn't JSON")]
    [InlineData("""{"a":[1,"a"]}""", "an array in it has elements of several types")]
    [InlineData("""{"a":[1,2.5]}""", "an array in it has elements of several types")]
    [InlineData("""{"a":[1,9007199254740993]}""", "an array in it has elements of several types")]
    [InlineData("""{"a":[{},1]}""", "an array in it has elements of several types")]
    [InlineData("""{"a":[null]}""", "an array in it has only elements without a type")]
    [InlineData("""{"a":[[],[1]]}""", "an array in it has only elements without a type")]
    public void Of_WhatTheRouterLeaves_StaysText(string text, string why) => Assert.Equal(why, Unchanged(text));

    [Theory]
    [InlineData("[1,2]", "it is an array")]
    [InlineData("""[{"a":1}]""", "it is an array")]
    [InlineData("""{"a":12345678901234567890}""", "a number in it has more than 64 bits")]
    [InlineData("""{"a":[1.5,12345678901234567890]}""", "a number in it has more than 64 bits")]
    [InlineData("""{"a":[{"x":1},{"x":"a","y":1}]}""", "differ in the type of a field")]
    [InlineData("""{"a":[{"x":1},{"y":1},null]}""", "differ in the type of a field")]
    [InlineData("""{"a":[[1],["a"]]}""", "differ in the type of a field")]
    public void Of_WhatTheRouterFailsOn_StaysText(string text, string why) =>
        Assert.Contains(why, Unchanged(text), StringComparison.Ordinal);

    [Fact]
    public void Of_EmptyArray_HasNoSchema() =>
        Assert.IsType<PayloadExpansion.Bare>(PayloadExpansion.Of("body", "[]", keepsNulls: false));

    [Theory]
    [InlineData(1_000, true)]
    [InlineData(1_001, false)]
    public void Of_DeepPayload_IsReadAsFarAsJacksonDoes(int depth, bool isRead)
    {
        var text = $$"""{"a":{{new string('[', depth - 1)}}1{{new string(']', depth - 1)}}}""";

        Assert.Equal(isRead, PayloadExpansion.Of("body", text, keepsNulls: false) is PayloadExpansion.Structured);
    }

    private static PayloadExpansion.Structured Structured(string text, bool keepsNulls) =>
        Assert.IsType<PayloadExpansion.Structured>(PayloadExpansion.Of("body", text, keepsNulls));

    private static string Unchanged(string text) =>
        Assert.IsType<PayloadExpansion.Unchanged>(PayloadExpansion.Of("body", text, keepsNulls: false)).Why;

    private static string SchemaOf(string text) =>
        System.Text.Encoding.UTF8.GetString(SchemaJson.Of(Structured(text, keepsNulls: true).Schema));
}
