using System.Buffers.Binary;
using System.Security.Cryptography;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Wire;

/// <summary>
/// Digests the changes of the open transaction as the server sends them: tables and columns by name, kinds, values in
/// PostgreSQL's text. Neither positions nor object ids are in it, nor anything that the bridge
/// makes of the frames: a later version that writes other records still recognises the transaction.
/// A transaction that comes once converted into UTF-8 and once as its bytes stand has two digests; so the version says
/// which it is, and those of two versions are not compared.
/// </summary>
/// <param name="isRaw">Whether values come as the database's own bytes, unconverted.</param>
internal sealed class TransactionHash(bool isRaw) : IDisposable
{
    /// <summary>
    /// Of values in UTF-8. Where the digest of an equal transaction changes, it needs another version.
    /// </summary>
    public const byte Version = 1;

    /// <summary>Of values as their bytes stand.</summary>
    public const byte RawVersion = 2;

    private const int RelationAt = 1;
    private const int RelationSize = 16;
    private const int LengthAt = RelationAt + RelationSize;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<uint, byte[]> _relations = [];

    /// <summary>How many changes there are so far; a truncate of several tables counts once for each.</summary>
    public int Changes { get; private set; }

    /// <summary>Learns how a relation is called from here on.</summary>
    public void Learn(RelationShape shape)
    {
        var names = shape.Columns.Select(column => column.Name).Prepend(shape.Table).Prepend(shape.Schema);
        _relations[shape.Oid] = Convert.FromHexString(Digest.Of(names));
    }

    /// <summary>Takes in the frame of a row's change, whole.</summary>
    public void AddRow(uint relation, ReadOnlySpan<byte> frame) => Add(frame[0], relation, frame[(1 + sizeof(uint))..]);

    /// <summary>Takes in a truncate of one table.</summary>
    public void AddTruncate(uint relation) => Add((byte)TruncateMessage.Kind, relation, []);

    /// <summary>The digest of what was taken in since the last call.</summary>
    public TransactionDigest Take()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(hash);
        Changes = 0;
        return new TransactionDigest(isRaw ? RawVersion : Version, BinaryPrimitives.ReadUInt128BigEndian(hash));
    }

    public void Dispose() => _hash.Dispose();

    /// <summary>
    /// Each part has its length before it, so that no two sequences of changes are one sequence of bytes.
    /// </summary>
    private void Add(byte kind, uint relation, ReadOnlySpan<byte> body)
    {
        if (!_relations.TryGetValue(relation, out var name))
            throw new MalformedFrameException($"A change is of the relation {relation}, which was not described.");
        Span<byte> head = stackalloc byte[LengthAt + sizeof(int)];
        head[0] = kind;
        name.CopyTo(head[RelationAt..]);
        BinaryPrimitives.WriteInt32BigEndian(head[LengthAt..], body.Length);
        _hash.AppendData(head);
        _hash.AppendData(body);
        Changes++;
    }
}
