namespace Strangler.Projections;

/// <summary>f's result.</summary>
public abstract record Made
{
    private Made() { }

    public sealed record Document(ReadOnlyMemory<byte> Bytes) : Made;

    public sealed record Absent : Made
    {
        public static readonly Absent Value = new();
    }

    /// <summary>f doesn't know the answer, for this reason.</summary>
    public sealed record AskLegacy(string Reason) : Made;

    /// <summary>f threw or overran its limit.</summary>
    public sealed record Threw(string Error) : Made;
}
