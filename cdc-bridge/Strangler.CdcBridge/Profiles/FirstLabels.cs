using System.Collections.Concurrent;
using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Profiles;

/// <summary>
/// The labels of each enum as they were first seen. The connector reads them at its start, and its schemas don't learn
/// of labels that are added or renamed later.
/// </summary>
internal sealed class FirstLabels
{
    private readonly ConcurrentDictionary<uint, IReadOnlyList<string>> _labels = [];

    /// <summary>The type with the labels that it had first.</summary>
    public TypeModel Of(TypeModel type) =>
        type.Labels.Count == 0
            ? type
            : type with
            {
                Labels = _labels.GetOrAdd(type.ElementOid == 0 ? type.BaseOid : type.ElementOid, type.Labels),
            };
}
