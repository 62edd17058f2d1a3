using Npgsql;
using Strangler.Foundation.Faults;

namespace Strangler.Foundation.Postgres;

/// <summary>
/// Reads connection strings that a person wrote. Nothing of one is ever said but host, port, database and user, and of one that cannot be read nothing at all: the client's own message names what it takes
/// for a keyword, which is a piece of the password where that holds a semicolon.
/// </summary>
public static class ConnectionText
{
    /// <summary>How one is written.</summary>
    public const string WayOut = "Write it as 'Host=…;Port=…;Username=…;Password=…;Database=…'. A password with a semicolon, a quote or a space stands in quotes: Password=\"a;b\".";

    /// <summary>Null: it is not a connection string.</summary>
    public static NpgsqlConnectionStringBuilder? TryRead(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException or InvalidCastException or KeyNotFoundException or NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>What is said of one that cannot be read.</summary>
    public static Fault Unreadable(string path) => new(path, "It is not a connection string of PostgreSQL's client; what it holds isn't shown, since a password may stand in it.", WayOut);
}
