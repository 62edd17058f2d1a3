namespace Strangler.Foundation.Faults;

/// <summary>The exit codes of every Strangler process.</summary>
public static class ExitCode
{
    public const int Success = 0;

    /// <summary>A defect of ours: it is logged with its stack trace.</summary>
    public const int Defect = 1;

    /// <summary>A <see cref="Fault"/> that a person has to fix; starting again does not cure it by itself.</summary>
    public const int Fault = 2;

    /// <summary>
    /// The process ends on purpose and wants to be started again, as after a key whose function overran its limit.
    /// </summary>
    public const int StartAgain = 3;

    /// <summary>All went well, and what was asked for with <c>--fail-on</c> stands against going on.</summary>
    public const int ReportSaysNo = 4;
}
