using Npgsql;
using Strangler.Foundation.Faults;

namespace Strangler.Foundation.Postgres;

/// <summary>
/// Reads connection strings that a person wrote. Nothing of one is ever said but host, port, database and user, and of
/// one that cannot be read nothing at all: the client's own message names what it takes for a keyword, which is a piece
/// of the password where that holds a semicolon.
/// </summary>
public static class ConnectionText
{
    /// <summary>How one is written.</summary>
    public const string WayOut =
        "Write it as 'Host=…;Port=…;Username=…;Password=…;Database=…'. A password with a semicolon, a quote or a "
        + "space is in quotes: Password=\"a;b\".";

    /// <summary>Null: it is not a connection string.</summary>
    public static NpgsqlConnectionStringBuilder? TryRead(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception exception)
            when (exception
                    is ArgumentException
                        or FormatException
                        or OverflowException
                        or InvalidCastException
                        or KeyNotFoundException
                        or NotSupportedException
                        or InvalidOperationException
            )
        {
            return null;
        }
    }

    /// <summary>
    /// What keeps PostgreSQL's client from using it, in itself and with other settings that are in it; null: nothing.
    /// </summary>
    public static Fault? FaultOf(string path, string text)
    {
        if (TryRead(text) is not { } read)
            return Unreadable(path);
        if (string.IsNullOrEmpty(read.Host))
            return new(path, "It names no host.", WayOut);
        try
        {
            NpgsqlDataSource.Create(read).Dispose();
            return null;
        }
        catch (Exception exception)
            when (exception is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return new(
                path,
                $"PostgreSQL's client doesn't take its settings together: {exception.Message.Split('\n')[0]}",
                "Correct them, or leave them out."
            );
        }
    }

    /// <summary>
    /// Sets the most connections of a pool of ours, and with it the fewest, which a person may have set higher for
    /// another program.
    /// </summary>
    public static NpgsqlConnectionStringBuilder WithMaxPoolSize(this NpgsqlConnectionStringBuilder settings, int size)
    {
        settings.MinPoolSize = 0;
        settings.MaxPoolSize = size;
        return settings;
    }

    /// <summary>What is said of one that cannot be read.</summary>
    public static Fault Unreadable(string path) =>
        new(
            path,
            "It is not a connection string of PostgreSQL's client; what it holds isn't shown, since a password may "
                + "stand in it.",
            WayOut
        );
}
