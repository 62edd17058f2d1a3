namespace Strangler.CdcBridge.Configuration;

/// <summary>Who creates the publication: Debezium's <c>publication.autocreate.mode</c>.</summary>
internal enum PublicationMode
{
    /// <summary>The bridge creates it for the selected tables, and adds missing ones.</summary>
    Filtered,

    /// <summary>A person has created it; the bridge changes nothing.</summary>
    Disabled,

    /// <summary>
    /// The connector's default: one of all tables is created if there is none. It would make UPDATE and DELETE of a
    /// table without a usable identity fail, so the bridge refuses to create it then, with the names of these
    /// tables; it uses one that exists.
    /// </summary>
    AllTables,

    /// <summary>The same with no tables: a person adds them.</summary>
    NoTables,
}
