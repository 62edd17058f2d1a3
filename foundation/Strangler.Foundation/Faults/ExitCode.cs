namespace Strangler.Foundation.Faults;

/// <summary>The exit codes of every Strangler process.</summary>
public static class ExitCode
{
    public const int Success = 0;

    /// <summary>A defect in Strangler: it is logged with its stack trace.</summary>
    public const int Defect = 1;

    /// <summary>A <see cref="Fault"/> that a person has to fix; restarting alone doesn't help.</summary>
    public const int Fault = 2;

    /// <summary>
    /// The process exits deliberately and needs to be restarted, as after a key whose function exceeded its time limit.
    /// </summary>
    public const int StartAgain = 3;

    /// <summary>Everything worked, but a condition of <c>--fail-on</c> is met.</summary>
    public const int ReportSaysNo = 4;
}
