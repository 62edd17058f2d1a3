using System.Buffers.Binary;
using System.Security.Cryptography;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Wire;

/// <summary>
/// Digests the changes of the open transaction as the server sends them: tables and columns by name, kinds, values in
/// PostgreSQL's text. It excludes positions and object ids, and everything that the bridge derives from the frames, so
/// that a later version that writes other records still recognizes the transaction. A transaction that arrives once
/// converted to UTF-8 and once as raw bytes has two digests, so the version says which it is, and digests of different
/// versions are not compared.
/// </summary>
/// <param name="isRaw">Whether values are the database's own bytes, unconverted.</param>
internal sealed class TransactionHash(bool isRaw) : IDisposable
{
    /// <summary>
    /// For values in UTF-8. If the digest of an equal transaction changes, the version must change too.
    /// </summary>
    public const byte Version = 1;

    /// <summary>For values as raw bytes.</summary>
    public const byte RawVersion = 2;

    private const int RelationAt = 1;
    private const int RelationSize = 16;
    private const int LengthAt = RelationAt + RelationSize;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<uint, byte[]> _relations = [];

    /// <summary>The number of changes so far; a truncate of several tables counts once for each.</summary>
    public int Changes { get; private set; }

    /// <summary>Learns a relation's names from here on.</summary>
    public void Learn(RelationShape shape)
    {
        var names = shape.Columns.Select(column => column.Name).Prepend(shape.Table).Prepend(shape.Schema);
        _relations[shape.Oid] = Convert.FromHexString(Digest.Of(names));
    }

    /// <summary>Adds a frame, if it is of a change.</summary>
    public void Add(ReadOnlySpan<byte> frame)
    {
        switch ((char)frame[0])
        {
            case InsertMessage.Kind or UpdateMessage.Kind or DeleteMessage.Kind:
                var reader = new FrameReader(frame);
                reader.ReadByte();
                AddRow(reader.ReadUInt32(), frame);
                break;
            case TruncateMessage.Kind:
                foreach (var relation in TruncateMessage.Read(frame).Relations)
                    AddTruncate(relation);
                break;
            default:
                break;
        }
    }

    /// <summary>Adds the whole frame of a row's change.</summary>
    public void AddRow(uint relation, ReadOnlySpan<byte> frame) => Add(frame[0], relation, frame[(1 + sizeof(uint))..]);

    /// <summary>Adds a truncate of one table.</summary>
    public void AddTruncate(uint relation) => Add((byte)TruncateMessage.Kind, relation, []);

    /// <summary>The digest of what was added since the last call.</summary>
    public TransactionDigest Take()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(hash);
        Changes = 0;
        return new TransactionDigest(isRaw ? RawVersion : Version, BinaryPrimitives.ReadUInt128BigEndian(hash));
    }

    public void Dispose() => _hash.Dispose();

    /// <summary>The length precedes each part, so that no two sequences of changes have the same bytes.</summary>
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
