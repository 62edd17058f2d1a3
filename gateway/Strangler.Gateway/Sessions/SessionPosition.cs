using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Strangler.ChangeLog;

namespace Strangler.Gateway.Sessions;

/// <summary>
/// How far a source was when a caller had written or read. Positions of two sources, or of two epochs, can't be
/// compared.
/// </summary>
/// <param name="Source">Identifies the source, without its name.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="Before">What was committed before this LSN may have been seen by the caller.</param>
internal readonly record struct SessionPosition(ulong Source, int Epoch, Lsn Before)
{
    /// <summary>Of no source: only a look at the source has all of it.</summary>
    public static readonly SessionPosition Incomparable;

    public static SessionPosition Of(string source, int epoch, Lsn before) => new(Identity(source), epoch, before);

    /// <summary>Whether it can be compared with positions of this source in this epoch.</summary>
    public bool IsOf(string source, int epoch) => Epoch == epoch && Source == Identity(source);

    /// <summary>The least position that has all of both.</summary>
    public SessionPosition Join(SessionPosition other) =>
        Source != other.Source || Epoch != other.Epoch ? Incomparable
        : Before >= other.Before ? this
        : other;

    private static ulong Identity(string source) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(source)));
}
