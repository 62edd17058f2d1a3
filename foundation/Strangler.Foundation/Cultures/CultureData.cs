using System.Globalization;
using System.Text.RegularExpressions;

namespace Strangler.Foundation.Cultures;

/// <summary>
/// The source of this process's culture data: how <c>CultureInfo("de-DE")</c> writes a number, how text is sorted,
/// upper-cased and normalized. A projection's output depends on it, so it is part of a projection's version.
/// </summary>
public static partial class CultureData
{
    /// <summary>
    /// No data: every culture is the invariant one, or doesn't exist (<c>DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1</c>).
    /// </summary>
    public const string Invariant = "invariant";

    /// <summary><c>ICU</c> and its major version, or <see cref="Invariant"/>.</summary>
    public static string Name { get; } = Read();

    /// <summary>
    /// Formats text without an explicit culture as invariant, whatever the machine's LANG is: a team's code gets a
    /// culture that it names, and no other.
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
        // .NET doesn't tell which library it loaded, and several of them have the same collation version.
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
            return collation; // not Linux
        }
    }

    [GeneratedRegex(@"/libicuuc\.so\.(\d+)")]
    private static partial Regex Library();
}
