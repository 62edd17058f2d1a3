namespace Strangler.Testing;

/// <summary>Where a Chromium is: the one that <c>STRANGLER_CHROMIUM</c> names, else the system's.</summary>
public static class Chromium
{
    /// <summary>What to do where there is none.</summary>
    public const string Absent =
        "Chromium is not on this machine: install Debian's 'chromium' package, "
        + "or name the program in STRANGLER_CHROMIUM.";

    /// <summary>Its switches: no sandbox, since root may not have one, and nothing that talks to anybody.</summary>
    public static IReadOnlyList<string> Switches { get; } =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ];

    /// <returns>The program's path; null where there is none.</returns>
    public static string? Find() =>
        new[]
        {
            Environment.GetEnvironmentVariable("STRANGLER_CHROMIUM"),
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
        }.FirstOrDefault(File.Exists);
}
