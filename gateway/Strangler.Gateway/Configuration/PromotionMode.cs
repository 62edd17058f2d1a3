namespace Strangler.Gateway.Configuration;

/// <summary>Who takes a route forward.</summary>
internal enum PromotionMode
{
    /// <summary>A person, by command or by the admin API.</summary>
    Command,

    /// <summary>The gateway too, one stage at a time, as soon as the gate is open.</summary>
    Auto,
}
