using System.Runtime.InteropServices;
using Strangler.Foundation.Faults;

namespace Strangler.Foundation.Processes;

/// <summary>Starts programs of .NET with the very runtime that runs us, whichever way that was installed.</summary>
public static class DotnetProgram
{
    // The runtime lies in <root>/shared/Microsoft.NETCore.App/<version>/.
    private static readonly string Muxer = Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet")
    );

    /// <summary>The words that start <paramref name="assembly"/>.</summary>
    /// <exception cref="FaultException">There is no such file: the build is not whole.</exception>
    public static IReadOnlyList<string> Command(string assembly) =>
        File.Exists(assembly)
            ? [Muxer, assembly]
            : throw new FaultException(
                new Fault(assembly, "This program's build is incomplete: the file doesn't exist.", "Build it again.")
            );
}
