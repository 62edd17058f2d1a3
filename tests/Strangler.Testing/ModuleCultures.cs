using System.Runtime.CompilerServices;
using Strangler.Foundation.Cultures;

namespace Strangler.Testing;

/// <summary>Tests run in the product's culture, whatever the machine's LANG.</summary>
internal static class ModuleCultures
{
#pragma warning disable CA2255 // a test library is part of the program that runs the tests
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Use() => CultureData.UseInvariantByDefault();
}
