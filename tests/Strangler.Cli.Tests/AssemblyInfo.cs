using Strangler.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
