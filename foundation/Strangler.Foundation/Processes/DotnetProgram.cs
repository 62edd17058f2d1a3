using System.Runtime.InteropServices;
using Strangler.Foundation.Faults;

namespace Strangler.Foundation.Processes;

/// <summary>Starts .NET programs with the runtime that runs this process, however that was installed.</summary>
public static class DotnetProgram
{
    // The runtime is in <root>/shared/Microsoft.NETCore.App/<version>/.
    private static readonly string Muxer = Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet")
    );

    /// <summary>The command that starts <paramref name="assembly"/>.</summary>
    /// <exception cref="FaultException">The file doesn't exist: the build is incomplete.</exception>
    public static IReadOnlyList<string> Command(string assembly) =>
        File.Exists(assembly)
            ? [Muxer, assembly]
            : throw new FaultException(
                new Fault(assembly, "This program's build is incomplete: the file doesn't exist.", "Build it again.")
            );
}
