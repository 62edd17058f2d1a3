namespace Strangler.CdcBridge.Configuration;

/// <summary>A table by schema and name, unquoted.</summary>
internal readonly record struct TableName(string Schema, string Name)
{
    public override string ToString() => $"{Schema}.{Name}";
}
