using Strangler.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(KafkaBroker))]
[assembly: AssemblyFixture(typeof(PostgresFixture))]
