using Strangler.Demo.Sample;

namespace Strangler.Demo.Show;

/// <summary>How to use a running demo from another terminal.</summary>
internal static class DemoHints
{
    /// <param name="sample">The running sample.</param>
    /// <param name="route">The route that is shown.</param>
    /// <param name="projection">The projection that can answer it.</param>
    /// <param name="path">A request to it.</param>
    public static IReadOnlyList<string> Of(SampleSystem sample, string route, string projection, string path)
    {
        var sku = path.Split('/')[3]; // /api/items/{sku}/availability
        return
        [
            "Everything continues until Ctrl-C. From another terminal:",
            $"  curl '{new Uri(sample.Gateway, path)}'",
            $"  ./strangler routes --config {sample.ConfigFile}",
            $"  ./strangler report {route} --config {sample.ConfigFile}",
            $"  ./strangler explain ID --config {sample.ConfigFile}      (an ID that the report names)",
            $"  ./strangler rollback {route} --config {sample.ConfigFile}",
            $"  ./strangler promote {route} --config {sample.ConfigFile}",
            $"  ./strangler get {projection} {sku} --config {sample.ConfigFile}",
            $"  curl -X PUT '{new Uri(sample.Gateway, "/api/settings/surcharge")}' "
                + "-H 'content-type: application/json' -d '{\"value\":3}'"
                + "      (what no projection declares: a guard notices)",
            $"Gateway {sample.Gateway}   legacy system {sample.Legacy}   admin API {sample.Admin}",
        ];
    }
}
