namespace Strangler.Gateway.Telemetry;

internal static class AnsweredByText
{
    public static string Text(this AnsweredBy answeredBy) =>
        answeredBy switch
        {
            AnsweredBy.Legacy => "legacy",
            AnsweredBy.Lookup => "lookup",
            AnsweredBy.Gateway => "gateway",
            _ => throw new ArgumentOutOfRangeException(nameof(answeredBy), answeredBy, "Unknown side."),
        };
}
