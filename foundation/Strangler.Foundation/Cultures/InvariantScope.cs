using System.Globalization;

namespace Strangler.Foundation.Cultures;

/// <summary>
/// Formats text without an explicit culture as invariant until it is disposed, on this thread: as our own processes do
/// everywhere, and in a host whose culture is its own affair.
/// </summary>
public readonly struct InvariantScope : IDisposable
{
    private readonly (CultureInfo Culture, CultureInfo OfTexts)? _before;

    private InvariantScope((CultureInfo Culture, CultureInfo OfTexts) before) => _before = before;

    /// <summary>Begins it. Costs nothing where it changes nothing.</summary>
    public static InvariantScope Enter()
    {
        var (culture, ofTexts) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        var invariant = CultureInfo.InvariantCulture;
        if (ReferenceEquals(culture, invariant) && ReferenceEquals(ofTexts, invariant))
            return default;
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (invariant, invariant);
        return new InvariantScope((culture, ofTexts));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_before is { } before)
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
    }
}
