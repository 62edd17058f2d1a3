using Strangler.Foundation.Patterns;

namespace Strangler.CdcBridge.Configuration;

/// <summary>What replaces the text of the columns whose name <c>schema.table.column</c> matches.</summary>
internal abstract record ColumnMask
{
    private ColumnMask(JavaPattern columns) => Columns = columns;

    /// <summary>The columns, by their whole name, upper and lower case alike.</summary>
    public JavaPattern Columns { get; }

    /// <summary>Asterisks (<c>column.mask.with.N.chars</c>).</summary>
    public sealed record Asterisks(JavaPattern Columns, int Length) : ColumnMask(Columns);

    /// <summary>
    /// Its salted hash in hexadecimal digits (<c>column.mask.hash.A.with.salt.S</c>, and <c>hash.v2</c>).
    /// </summary>
    /// <param name="Algorithm">The name of the hash as Java knows it, such as <c>SHA-256</c>.</param>
    /// <param name="Version">1, or 2 for <c>hash.v2</c>.</param>
    public sealed record Hash(JavaPattern Columns, string Algorithm, string Salt, int Version) : ColumnMask(Columns)
    {
        /// <summary>Without the salt.</summary>
        public override string ToString() => $"{Algorithm} of {Columns}";
    }

    /// <summary>Its first characters (<c>column.truncate.to.N.chars</c>).</summary>
    public sealed record Truncation(JavaPattern Columns, int Length) : ColumnMask(Columns);
}
