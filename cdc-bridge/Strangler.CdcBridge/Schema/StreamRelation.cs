using Strangler.CdcBridge.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Schema;

/// <summary>How the bridge treats a relation that the stream has described.</summary>
internal abstract record StreamRelation
{
    private StreamRelation() { }

    /// <summary>Its rows become records.</summary>
    /// <param name="Fingerprint">
    /// What the catalogue says about it, or its shape if the catalogue has changed since.
    /// </param>
    public sealed record Captured(RelationModel Model, string Fingerprint) : StreamRelation;

    /// <summary>Published but not selected, such as a table that was renamed.</summary>
    public sealed record NotCaptured : StreamRelation;

    /// <summary>Another table has the same topic, so their rows can't be told apart.</summary>
    /// <param name="Shape">The relation as the stream described it.</param>
    public sealed record SharesTopic(RelationShape Shape, TableName Name, string Topic, Fault Why) : StreamRelation;
}
