using Strangler.Projections.Applying;

namespace Strangler.Projections.Moments;

/// <summary>
/// The applier of this process as questions see it: which projections it has bound to the mirror, under which fence.
/// Replaced as a whole when it is opened again; null while none is open.
/// </summary>
internal sealed class CurrentApplier
{
    private volatile ServedProjections? _served;

    public ServedProjections? Served => _served;

    public void Opened(Applier applier) =>
        _served = new ServedProjections(applier.Checkpoint.Source, applier.Checkpoint.Fence, [.. applier.Projections]);

    public void Closed() => _served = null;
}
