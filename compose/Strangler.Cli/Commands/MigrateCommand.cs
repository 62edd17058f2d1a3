using System.CommandLine;
using Npgsql;
using Strangler.CdcBridge;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;
using Strangler.Foundation.Store;
using Strangler.Gateway;
using Strangler.Projections;

namespace Strangler.Cli.Commands;

/// <summary><c>strangler migrate</c>: brings the store's tables to the version of this program.</summary>
internal static class MigrateCommand
{
    public static readonly IReadOnlyList<StoreSchema> Rooms =
    [
        EmbeddedLogSchema.Value,
        BridgeSchema.Value,
        ProjectionsSchema.Value,
        GatewaySchema.Value,
    ];

    public static Command Create()
    {
        var command = new Command(
            "migrate",
            "Creates the store's tables or updates them to this version, and creates the file with the admin API's "
                + "token."
        )
        {
            CommonOptions.Config,
        };
        command.SetAction(parsed =>
            CommandRun.OnceAsync(cancellationToken =>
                RunAsync(parsed.GetRequiredValue(CommonOptions.Config), cancellationToken)
            )
        );
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var configuration = ConfigurationFile.Read(files);
        SecretFiles.Ensure(configuration);
        var connection = StoreSection.Require(configuration);
        await using var store = NpgsqlDataSource.Create(connection);
        try
        {
            foreach (var line in await StoreMigration.MigrateAsync(store, Rooms, cancellationToken))
                Console.WriteLine(line);
        }
        catch (NpgsqlException exception) when (DatabaseFault.Of(exception, StoreSection.Path, connection) is { } fault)
        {
            throw new FaultException(fault, exception);
        }
        return ExitCode.Success;
    }
}
