using System.Runtime.CompilerServices;
using Strangler.Foundation.Cultures;

namespace Strangler.Testing;

/// <summary>Tests run in the culture in which the product does, whatever the machine's LANG.</summary>
internal static class ModuleCultures
{
#pragma warning disable CA2255 // a library of tests is a part of the program that runs them
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Use() => CultureData.UseInvariantByDefault();
}
