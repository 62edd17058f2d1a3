using System.Runtime.InteropServices;

namespace Strangler.Foundation.Cultures;

/// <summary>
/// ICU, from which .NET has the data of cultures on Linux. Where it isn't installed, .NET ends a process at its first
/// use of a culture, unless it is told to do without.
/// </summary>
public static class CultureLibrary
{
    private const string Switch = "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT";

    // The versions that .NET looks for (pal_icushim.c).
    private const int MinVersion = 50;
    private const int MaxVersion = 100;

    /// <summary>
    /// Runs this process and its children without the data of cultures if ICU isn't installed; does nothing if the
    /// variable says how they run. Must come before anything uses a culture, as formatting does.
    /// </summary>
    public static void DoWithoutIfMissing()
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable(Switch) is (null or "") && !IsInstalled())
            Environment.SetEnvironmentVariable(Switch, "1");
    }

    private static bool IsInstalled()
    {
        for (var version = MaxVersion; version >= MinVersion; version--)
        {
            if (!NativeLibrary.TryLoad($"libicuuc.so.{version}", out var library))
                continue;
            NativeLibrary.Free(library);
            return true;
        }
        return false;
    }
}
