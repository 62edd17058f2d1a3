namespace Strangler.Gateway.Telemetry;

/// <summary>Who answered a request.</summary>
internal enum AnsweredBy
{
    Legacy,
    Lookup,

    /// <summary>The gateway itself, with 503 or 400.</summary>
    Gateway,
}
