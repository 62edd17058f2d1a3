using System.Text.RegularExpressions;

namespace Strangler.ChangeLog.Kafka.Client;

/// <summary>The user and the password in a property <c>sasl.jaas.config</c> of Java's client.</summary>
internal sealed partial record JaasLogin(string User, string Password)
{
    /// <summary>Null if it isn't a login with a name and a password.</summary>
    public static JaasLogin? Of(string text)
    {
        if (!Login().IsMatch(text))
            return null;
        var options = Option()
            .Matches(text)
            .ToLookup(one => one.Groups[1].Value, one => Unescaped(one.Groups[2].Value));
        return options["username"].ToList() is [var user] && options["password"].ToList() is [var password]
            ? new JaasLogin(user, password)
            : null;
    }

    /// <summary>Shows no password.</summary>
    public override string ToString() => nameof(JaasLogin);

    private static string Unescaped(string text) => Escape().Replace(text, "$1");

    [GeneratedRegex(@"^\s*org\.apache\.kafka\.common\.security\.(plain\.Plain|scram\.Scram)LoginModule\s+required\b")]
    private static partial Regex Login();

    [GeneratedRegex(@"\b(username|password)\s*=\s*""((?:[^""\\]|\\.)*)""")]
    private static partial Regex Option();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escape();
}
