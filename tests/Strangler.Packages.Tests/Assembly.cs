using Strangler.Packages.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(PackedFixture))]
