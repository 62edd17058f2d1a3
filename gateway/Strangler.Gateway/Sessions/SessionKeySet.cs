namespace Strangler.Gateway.Sessions;

/// <summary>The keys that gateways share.</summary>
internal sealed class SessionKeySet
{
    /// <summary>A new key signs from this age on: every gateway has read it by then.</summary>
    public static readonly TimeSpan Adoption = TimeSpan.FromSeconds(30);

    /// <summary>The age from which a new key takes the newest one's place.</summary>
    public static readonly TimeSpan Rotation = TimeSpan.FromDays(1);

    /// <summary>The longest life of a token.</summary>
    public static readonly TimeSpan MaxLife = TimeSpan.FromDays(1);

    /// <summary>How long a key is accepted after the next one was made: tokens signed with it have died.</summary>
    public static readonly TimeSpan Kept = MaxLife + TimeSpan.FromDays(1);

    /// <summary>
    /// How long keys count as read. Less than a day, so that no gateway signs with a key that others no longer accept.
    /// </summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(12);

    private readonly Dictionary<int, SessionKey> _keys;

    private SessionKeySet(Dictionary<int, SessionKey> keys, SessionKey signing) => (_keys, Signing) = (keys, signing);

    /// <summary>The key that signs.</summary>
    public SessionKey Signing { get; }

    /// <param name="keys">All keys in the store.</param>
    /// <returns>Null if there is none.</returns>
    public static SessionKeySet? Of(IReadOnlyList<SessionKey> keys)
    {
        var adopted = keys.Where(key => key.Age >= Adoption).ToList();
        // if no key is old enough, the first one has been read by most
        var signing = adopted.Count > 0 ? adopted.MaxBy(key => key.Id) : keys.MinBy(key => key.Id);
        return signing is null ? null : new SessionKeySet(keys.ToDictionary(key => key.Id), signing);
    }

    /// <summary>Null if no key has this number.</summary>
    public SessionKey? Find(int id) => _keys.GetValueOrDefault(id);
}
