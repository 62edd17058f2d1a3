using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Strangler.Evidence.Rendering.Html;
using Strangler.Testing;
using Xunit;

namespace Strangler.Browser.Tests;

/// <summary>
/// The report's page in a real Chromium. <c>STRANGLER_SCREENSHOTS</c> names a folder for screenshots.
/// </summary>
public sealed class ReportPageTests : IAsyncLifetime
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"strangler-report-{Guid.NewGuid():N}.html");
    private readonly List<string> _errors = [];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Find() is not { } program)
            return;
        await using (var writer = File.CreateText(_file))
            HtmlReport.Write(writer, SampleReport.Value);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = program,
                Args = Chromium.Switches,
                Timeout = 60_000,
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        File.Delete(_file);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 400)]
    public async Task Page_LightDarkAndNarrow_HasNoErrorsAndNothingThatAxeFindsWrong(ColorScheme scheme, int width)
    {
        var page = await OpenAsync(scheme, width);

        var found = await page.RunAxe();

        await PictureAsync(page, $"report-{scheme}-{width}");
        Assert.Empty(_errors);
        Assert.True(
            found.Violations.Length == 0,
            string.Join(
                '\n',
                found.Violations.Select(violation =>
                    $"{violation.Id}: "
                    + $"{violation.Help} {string.Join(' ', violation.Nodes.Take(3).Select(node => node.Html))}"
                )
            )
        );
        Assert.NotEmpty(found.Passes);
        // nothing makes the page itself scroll sideways
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task Page_ByKeyboardAlone_SkipsToTheRoutesAndOpensADifference()
    {
        var page = await OpenAsync(ColorScheme.Light, 1280);
        var second = page.Locator("details.fault").Nth(1);

        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("#routes", await page.EvaluateAsync<string>("document.activeElement.getAttribute('href')"));
        await second.Locator("summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        Assert.True(await second.EvaluateAsync<bool>("fault => fault.open"));
        Assert.Contains("$.offers[*]", await second.Locator("summary").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_DifferingValues_AreMarkedOnBothSides()
    {
        var page = await OpenAsync(ColorScheme.Light, 1280);

        var marks = await page.Locator("details.fault").First.Locator("mark").AllInnerTextsAsync();

        Assert.Equal(["12", "14"], marks.Take(2));
    }

    [Fact]
    public async Task Page_ValuesThatLookLikeMarkup_StayText()
    {
        var page = await OpenAsync(ColorScheme.Light, 1280);

        Assert.Equal(0, await page.Locator("script, img, b").CountAsync());
        Assert.Contains(
            "<script>alert(1)</script>",
            await page.ContentAsync() is var html && html.Contains("&lt;script&gt;", StringComparison.Ordinal)
                ? await page.Locator("main").TextContentAsync()
                : html,
            StringComparison.Ordinal
        );
    }

    private async Task<IPage> OpenAsync(ColorScheme scheme, int width)
    {
        if (_browser is null)
            Assert.Skip(Chromium.Absent);
        var page = await _browser!.NewPageAsync(
            new()
            {
                ColorScheme = scheme,
                ViewportSize = new() { Width = width, Height = 900 },
            }
        );
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _errors.Add(message.Text);
        };
        page.PageError += (_, error) => _errors.Add(error);
        page.RequestFailed += (_, request) => _errors.Add($"{request.Url}: {request.Failure}");
        await page.GotoAsync(new Uri(_file).AbsoluteUri);
        return page;
    }

    private static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("STRANGLER_SCREENSHOTS") is not { Length: > 0 } folder)
            return;
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }
}
