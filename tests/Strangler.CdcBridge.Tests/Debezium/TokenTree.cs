namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>A JSON text as nested objects and arrays whose leaves are the literals as they are spelt.</summary>
internal abstract record TokenTree
{
    private TokenTree() { }

    public sealed record Object(IReadOnlyList<TokenField> Fields) : TokenTree
    {
        public override string ToString() =>
            $"{{{string.Join(',', Fields.Select(field => $"{field.Name}:{field.Value}"))}}}";

        /// <summary>The value of the field with this name, null where there is none.</summary>
        public TokenTree? Find(string name) => Fields.FirstOrDefault(field => field.Name == $"\"{name}\"")?.Value;

        /// <summary>The same object with the literal replaced, where the field is there and not null.</summary>
        public Object With(string name, Func<string, string> replace) =>
            Replace(name, value => value.ToString() is var text and not "null" ? new Literal(replace(text)) : value);

        /// <summary>The same object with the nested object replaced, where there is one.</summary>
        public Object WithObject(string name, Func<Object, Object> replace) =>
            Replace(name, value => value is Object nested ? replace(nested) : value);

        /// <summary>The same object with the nested array replaced, where there is one.</summary>
        public Object WithArray(string name, Func<Array, Array> replace) =>
            Replace(name, value => value is Array nested ? replace(nested) : value);

        private Object Replace(string name, Func<TokenTree, TokenTree> replace) =>
            new([
                .. Fields.Select(field =>
                    field.Name == $"\"{name}\"" ? new TokenField(field.Name, replace(field.Value)) : field
                ),
            ]);
    }

    public sealed record Array(IReadOnlyList<TokenTree> Elements) : TokenTree
    {
        public override string ToString() => $"[{string.Join(',', Elements)}]";
    }

    public sealed record Literal(string Text) : TokenTree
    {
        public override string ToString() => Text;
    }
}
