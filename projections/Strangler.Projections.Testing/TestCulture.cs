using System.Globalization;

namespace Strangler.Projections.Testing;

/// <summary>Cultures in which a projection is run.</summary>
internal static class TestCulture
{
    private static readonly string[] Names = ["de-DE", "tr-TR", "ar-SA", "fa-IR", "hi-IN"];

    /// <summary>
    /// Those of this machine, and one that is made up, because a machine may have none: it differs from the invariant
    /// culture in everything that is often written without one.
    /// </summary>
    public static IEnumerable<CultureInfo> Others => Names.Select(Find).OfType<CultureInfo>().Prepend(MadeUp());

    /// <summary>Runs a function in a culture. Production runs projections in the invariant one.</summary>
    public static T Run<T>(CultureInfo culture, Func<T> function)
    {
        var (before, ofTexts) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = culture;
            return function();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (before, ofTexts);
        }
    }

    private static CultureInfo MadeUp()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        var (numbers, dates) = (culture.NumberFormat, culture.DateTimeFormat);
        (numbers.NumberDecimalSeparator, numbers.NumberGroupSeparator, numbers.NegativeSign) = (",", ".", "~");
        (numbers.CurrencySymbol, numbers.PercentSymbol) = ("X", "p");
        (dates.DateSeparator, dates.TimeSeparator) = (".", "h");
        (dates.ShortDatePattern, dates.LongTimePattern) = ("dd/MM/yyyy", "HH:mm");
        return culture;
    }

    private static CultureInfo? Find(string name)
    {
        try
        {
            return CultureInfo.GetCultureInfo(name, predefinedOnly: true);
        }
        catch (CultureNotFoundException)
        {
            return null;
        }
    }
}
