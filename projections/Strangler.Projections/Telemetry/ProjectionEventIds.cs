namespace Strangler.Projections.Telemetry;

internal static class ProjectionEventIds
{
    public const int Serving = 3000;
    public const int Stopped = 3001;
    public const int Repeated = 3002;
    public const int Overran = 3003;
    public const int StoreLost = 3004;
    public const int Began = 3005;
    public const int BeginsAnew = 3006;
    public const int Returns = 3007;
    public const int QuestionFailed = 3008;
    public const int OthersRun = 3009;
    public const int LogLost = 3010;
    public const int NoMomentsSecret = 3020;
    public const int QuestionsFail = 3021;
}
