using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Wire;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Schema;

/// <summary>What a relation that the stream has described is to the bridge.</summary>
internal abstract record StreamRelation
{
    private StreamRelation() { }

    /// <summary>Its rows become records.</summary>
    /// <param name="Fingerprint">What the catalogue says of it, or its shape where the catalogue has moved on.</param>
    public sealed record Captured(RelationModel Model, string Fingerprint) : StreamRelation;

    /// <summary>Published, and not selected: such as a table that was renamed.</summary>
    public sealed record NotCaptured : StreamRelation;

    /// <summary>Its topic is another table's too, so their rows can't be told apart.</summary>
    /// <param name="Shape">The relation as the stream described it.</param>
    public sealed record SharesTopic(RelationShape Shape, TableName Name, string Topic, Fault Why) : StreamRelation;
}
