namespace Strangler.Testing;

/// <summary>Finds Chromium: the one named by <c>STRANGLER_CHROMIUM</c>, or else the system's.</summary>
public static class Chromium
{
    /// <summary>What to do if none exists.</summary>
    public const string Absent =
        "Chromium is not on this machine: install Debian's 'chromium' package, "
        + "or name the program in STRANGLER_CHROMIUM.";

    /// <summary>Its switches: no sandbox, because root may not have one, and no network traffic of its own.</summary>
    public static IReadOnlyList<string> Switches { get; } =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ];

    /// <returns>The program's path; null if none exists.</returns>
    public static string? Find() =>
        new[]
        {
            Environment.GetEnvironmentVariable("STRANGLER_CHROMIUM"),
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
        }.FirstOrDefault(File.Exists);
}
