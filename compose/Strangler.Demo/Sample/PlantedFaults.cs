using System.Text.Json;
using Dapper;
using Npgsql;
using Strangler.Foundation.Faults;

namespace Strangler.Demo.Sample;

/// <summary>The mistakes that can be planted, from their assembly's list.</summary>
public static class PlantedFaults
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <exception cref="FaultException">The build is incomplete.</exception>
    public static async Task<IReadOnlyList<PlantedFault>> ReadAsync(
        SampleFiles files,
        CancellationToken cancellationToken
    )
    {
        if (!File.Exists(files.FaultList))
            throw new FaultException(
                new Fault(
                    files.FaultList,
                    "This program's build is incomplete: the file doesn't exist.",
                    "Build it again."
                )
            );
        await using var stream = File.OpenRead(files.FaultList);
        return await JsonSerializer.DeserializeAsync<List<PlantedFault>>(stream, Json, cancellationToken) ?? [];
    }

    /// <exception cref="FaultException">No mistake has that name; the fault lists the existing names.</exception>
    public static async Task<PlantedFault> FindAsync(
        SampleFiles files,
        string name,
        CancellationToken cancellationToken
    )
    {
        var all = await ReadAsync(files, cancellationToken);
        return all.FirstOrDefault(fault => fault.Name == name)
            ?? throw new FaultException(
                new Fault(
                    "--fault",
                    $"The fault '{name}' doesn't exist.",
                    $"There are {string.Join(", ", all.Select(fault => fault.Name))}; '--fault list' describes each."
                )
            );
    }

    /// <summary>The items that a mistake affects at a time, given the legacy database's current state.</summary>
    internal static async Task<IReadOnlySet<string>> TouchedAsync(
        this PlantedFault fault,
        NpgsqlDataSource shop,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await shop.OpenConnectionAsync(cancellationToken);
        var keys = await connection.QueryAsync<string>(
            new CommandDefinition(fault.Keys, new { now }, cancellationToken: cancellationToken)
        );
        return keys.ToHashSet();
    }
}
