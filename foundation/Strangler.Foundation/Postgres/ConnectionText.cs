using Npgsql;
using Strangler.Foundation.Faults;

namespace Strangler.Foundation.Postgres;

/// <summary>
/// Parses connection strings that a person wrote. Messages show only host, port, database and user, and nothing of a
/// string that can't be parsed: the client's own message quotes what it takes for a keyword, which is a piece of the
/// password if the password contains a semicolon.
/// </summary>
public static class ConnectionText
{
    /// <summary>The expected form.</summary>
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
    /// Why PostgreSQL's client can't use it, alone or combined with its other settings; null: it can.
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
                $"PostgreSQL's client rejects the combination of its settings: {exception.Message.Split('\n')[0]}",
                "Correct them, or leave them out."
            );
        }
    }

    /// <summary>
    /// Sets the maximum size of our pool, and also the minimum, which a person may have set higher for another program.
    /// </summary>
    public static NpgsqlConnectionStringBuilder WithMaxPoolSize(this NpgsqlConnectionStringBuilder settings, int size)
    {
        settings.MinPoolSize = 0;
        settings.MaxPoolSize = size;
        return settings;
    }

    /// <summary>The fault of a string that can't be parsed.</summary>
    public static Fault Unreadable(string path) =>
        new(
            path,
            "It is not a connection string of PostgreSQL's client; what it holds isn't shown, because it may "
                + "contain a password.",
            WayOut
        );
}
