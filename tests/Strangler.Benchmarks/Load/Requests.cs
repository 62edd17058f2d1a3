using System.Text;

namespace Strangler.Benchmarks.Load;

/// <summary>Requests as bytes, sent in turn.</summary>
internal sealed class Requests(IReadOnlyList<byte[]> all)
{
    private int _next;

    public static Requests Get(Uri address, IEnumerable<string> paths) =>
        new([
            .. paths.Select(path =>
                Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n")
            ),
        ]);

    public ReadOnlyMemory<byte> Next() => all[(Interlocked.Increment(ref _next) & int.MaxValue) % all.Count];
}
