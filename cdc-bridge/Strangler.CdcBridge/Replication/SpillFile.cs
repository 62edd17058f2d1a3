using System.Buffers.Binary;

namespace Strangler.CdcBridge.Replication;

/// <summary>
/// The frames of one transaction that has not ended, in a file that nobody else can read and that ends with the
/// process. Each has a mark of eight bytes.
/// </summary>
internal sealed class SpillFile : IDisposable
{
    /// <summary>Bytes that a frame takes in addition to its own.</summary>
    public const int HeaderLength = 4 + 8;

    private const int BufferLength = 64 << 10;
    private readonly Stream _file;
    private long _end;

    /// <param name="folder">Where the file is made.</param>
    public SpillFile(string folder)
        : this(Create(folder)) { }

    /// <param name="file">An empty file, which is disposed of with this.</param>
    internal SpillFile(Stream file) => _file = file;

    /// <summary>Bytes so far.</summary>
    public long Length => _end;

    /// <param name="mark">What is remembered beside the frame.</param>
    /// <param name="kind">The frame's first byte.</param>
    /// <param name="rest">What follows it.</param>
    public void Add(ulong mark, byte kind, ReadOnlySpan<byte> rest)
    {
        Span<byte> header = stackalloc byte[HeaderLength + 1];
        BinaryPrimitives.WriteInt32LittleEndian(header, rest.Length + 1);
        BinaryPrimitives.WriteUInt64LittleEndian(header[4..], mark);
        header[HeaderLength] = kind;
        _file.Write(header);
        _file.Write(rest);
        _end += header.Length + rest.Length;
    }

    /// <summary>Forgets what was added after there were that many bytes.</summary>
    public void CutAt(long length)
    {
        _file.Position = _end = length;
    }

    /// <summary>Nothing more is added; reading begins with the first frame.</summary>
    public void Rewind() => _file.Position = 0;

    /// <summary>Reads the next frame's mark and length; null at the end.</summary>
    public (ulong Mark, int Length)? Next()
    {
        if (_file.Position == _end)
            return null;
        Span<byte> header = stackalloc byte[HeaderLength];
        _file.ReadExactly(header);
        return (BinaryPrimitives.ReadUInt64LittleEndian(header[4..]), BinaryPrimitives.ReadInt32LittleEndian(header));
    }

    /// <summary>Reads the frame that <see cref="Next"/> has announced.</summary>
    public void Read(Span<byte> frame) => _file.ReadExactly(frame);

    public void Dispose()
    {
        try
        {
            _file.Dispose();
        }
        catch (IOException) { } // a full disk doesn't take what its buffer has left, which nobody needs
    }

    private static FileStream Create(string folder)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = BufferLength,
            Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var path = Path.Combine(folder, $"strangler-spill-{Guid.NewGuid():N}");
        var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows())
            File.Delete(path); // a file without a name is gone with its process, however that ends
        return file;
    }
}
