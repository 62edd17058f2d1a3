using System.Globalization;

namespace Strangler.Gateway.Tests.Parity;

/// <summary>What became of a request.</summary>
/// <param name="Received">What legacy received; empty if it wasn't asked.</param>
/// <param name="Answered">What the client received.</param>
internal sealed record ParityExchange(string Received, string Answered)
{
    public int Status => int.Parse(Answered.AsSpan(9, 3), CultureInfo.InvariantCulture);

    public override string ToString() => $"received: {Received}\nanswered: {Answered}";
}
