namespace Strangler.Gateway.Configuration;

/// <summary>How the gateway looks at the source's primary while a route is compared.</summary>
/// <param name="ConnectionString">A login without rights on tables. Never logged.</param>
/// <param name="Interval">The time from one look to the next.</param>
internal sealed record SourceModel(string ConnectionString, TimeSpan Interval)
{
    public static readonly TimeSpan PresetInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Keeps the login's password out of printed records.</summary>
    public override string ToString() => nameof(SourceModel);
}
