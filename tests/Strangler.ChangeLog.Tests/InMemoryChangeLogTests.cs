using Strangler.ChangeLog.Embedded;
using Strangler.Testing;

namespace Strangler.ChangeLog.Tests;

public sealed class InMemoryChangeLogTests : ChangeLogContract
{
    protected override int Histories => 500;

    protected override Task<IChangeLog> CreateAsync(TimeProvider time, EmbeddedLogOptions options) =>
        Task.FromResult<IChangeLog>(new InMemoryChangeLog(time, options));
}
