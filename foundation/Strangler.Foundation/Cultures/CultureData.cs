using System.Globalization;
using System.Text.RegularExpressions;

namespace Strangler.Foundation.Cultures;

/// <summary>
/// Where this process has the data of cultures from: how <c>CultureInfo("de-DE")</c> writes a number, how texts are
/// sorted, upper-cased and normalized. What a projection makes depends on it, so it is a part of a projection's
/// version.
/// </summary>
public static partial class CultureData
{
    /// <summary>
    /// No data: every culture is the invariant one, or isn't there at all
    /// (<c>DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1</c>).
    /// </summary>
    public const string Invariant = "invariant";

    /// <summary><c>ICU</c> and its major version, or <see cref="Invariant"/>.</summary>
    public static string Name { get; } = Read();

    /// <summary>
    /// What is written without a culture is written as before there were any, whatever the machine's LANG says: a
    /// team's code gets a culture that it names, and no other.
    /// </summary>
    public static void UseInvariantByDefault()
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture =
            CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
    }

    private static string Read()
    {
        try
        {
            if (CultureInfo.GetCultureInfo("de-DE").NumberFormat.NumberDecimalSeparator != ",")
                return Invariant;
        }
        catch (CultureNotFoundException)
        {
            return Invariant;
        }
        // .NET doesn't say which library it took, and the collation's version is the same for several of them.
        var collation = $"ICU, collation {CultureInfo.InvariantCulture.CompareInfo.Version.FullVersion:x8}";
        try
        {
            var library = File.ReadLines("/proc/self/maps")
                .Select(line => Library().Match(line))
                .FirstOrDefault(match => match.Success);
            return library is null ? collation : $"ICU {library.Groups[1].Value}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return collation; // no Linux
        }
    }

    [GeneratedRegex(@"/libicuuc\.so\.(\d+)")]
    private static partial Regex Library();
}
