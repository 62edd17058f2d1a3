namespace Strangler.Foundation.Faults;

/// <summary>
/// Carries faults to the code that reports them: the command line prints one per line and exits with
/// <see cref="ExitCode.Fault"/>.
/// </summary>
public sealed class FaultException : Exception
{
    /// <summary>All faults found together, so that they can be fixed together.</summary>
    public IReadOnlyList<Fault> Faults { get; }

    public FaultException(Fault fault, Exception? cause = null)
        : this([fault], cause) { }

    public FaultException(IReadOnlyList<Fault> faults, Exception? cause = null)
        : base(string.Join(Environment.NewLine, faults), cause) => Faults = faults;
}
