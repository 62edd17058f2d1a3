using System.Globalization;
using Strangler.CdcBridge.Connect;

namespace Strangler.CdcBridge.Outbox;

/// <summary>A JSON value.</summary>
internal abstract record PayloadNode
{
    private PayloadNode() { }

    internal sealed record Null : PayloadNode;

    internal sealed record Text(string Value) : PayloadNode;

    internal sealed record Flag(bool Value) : PayloadNode;

    /// <param name="Digits">As the text has it.</param>
    internal sealed record Number(string Digits) : PayloadNode
    {
        /// <summary>Null for a whole number beyond 64 bits, which no schema has a type for.</summary>
        public ConnectType? Type =>
            Digits.AsSpan().ContainsAny(".eE") ? ConnectType.Float64
            : !long.TryParse(Digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? null
            : whole is >= int.MinValue and <= int.MaxValue ? ConnectType.Int32
            : ConnectType.Int64;
    }

    internal sealed record List(IReadOnlyList<PayloadNode> Elements) : PayloadNode;

    /// <param name="Members">Each name once, in the order of first appearance.</param>
    internal sealed record Object(IReadOnlyList<KeyValuePair<string, PayloadNode>> Members) : PayloadNode
    {
        public Dictionary<string, PayloadNode> ByName() => new(Members, StringComparer.Ordinal);
    }
}
