using System.Text.RegularExpressions;

namespace Strangler.Gateway.Tests.Parity;

/// <summary>What the gateway does better than bare YARP on purpose: each is a row of docs/http.md.</summary>
internal static partial class Improvement
{
    private static readonly (string Name, Func<string, ParityExchange, ParityExchange, bool> Explains)[] All =
    [
        ("bytes of headers", AreBytesKept),
        ("headers of its own", AreOwnHeadersHidden),
        ("target as it was written", IsTargetKept),
        ("trailers that don't come aren't announced", IsTrailerHidden),
    ];

    public static IEnumerable<string> Names => All.Select(one => one.Name);

    /// <summary>The improvement that is all of the difference between two exchanges. Null: none is.</summary>
    public static string? Find(string sent, ParityExchange bare, ParityExchange ours) =>
        All.Where(one => one.Explains(sent, bare, ours)).Select(one => one.Name).FirstOrDefault();

    /// <summary>Legacy gets the bytes of the target, in origin form.</summary>
    private static bool IsTargetKept(string sent, ParityExchange bare, ParityExchange ours)
    {
        var target = Origin().Replace(sent.Split('\r')[0].Split(' ')[1], "");
        return bare.Answered == ours.Answered
            && WithoutTarget(bare.Received) == WithoutTarget(ours.Received)
            && ours.Received.Split('\n')[0].Split(' ')[1] == target;
    }

    private static string WithoutTarget(string received) => Target().Replace(received, " ", 1);

    /// <summary>Where bare YARP answers 400 or 502, each byte reaches the other side.</summary>
    private static bool AreBytesKept(string sent, ParityExchange bare, ParityExchange ours) =>
        bare.Status is 400 or 502
        && ours.Status == 200
        && Odd(sent + ParityUpstream.AnswerTo(sent)) is [_, ..] odd
        && odd.SequenceEqual(Odd(ours.Received + ours.Answered));

    private static List<string> Odd(string text) =>
        [.. NonAscii().Matches(text).Select(found => found.Value).Order(StringComparer.Ordinal)];

    private static bool AreOwnHeadersHidden(string sent, ParityExchange bare, ParityExchange ours) =>
        OwnHeader().Replace(bare.Received, "") == ours.Received && bare.Answered == ours.Answered;

    private static bool IsTrailerHidden(string sent, ParityExchange bare, ParityExchange ours) =>
        TrailerHeader().Replace(bare.Received, "") == ours.Received
        && TrailerHeader().Replace(bare.Answered, "") == ours.Answered;

    [GeneratedRegex("^http://[^/]*")]
    private static partial Regex Origin();

    [GeneratedRegex(" [^ ]* ")]
    private static partial Regex Target();

    [GeneratedRegex("[^\0-\x7F]+")]
    private static partial Regex NonAscii();

    [GeneratedRegex("^Strangler-.*\n", RegexOptions.Multiline)]
    private static partial Regex OwnHeader();

    [GeneratedRegex("^Trailer: .*\n", RegexOptions.Multiline)]
    private static partial Regex TrailerHeader();
}
