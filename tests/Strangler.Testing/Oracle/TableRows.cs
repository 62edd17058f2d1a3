using System.Globalization;
using System.Reflection;
using System.Text;
using Npgsql;

namespace Strangler.Testing.Oracle;

/// <summary>All rows of tables, read by plain SQL into the row types of a projection, sorted by primary key.</summary>
public static class TableRows
{
    public static async Task<object[]> ReadAsync(
        NpgsqlDataSource database,
        string table,
        Type rowType,
        CancellationToken cancellationToken
    )
    {
        var constructor = rowType.GetConstructors().Single();
        var parameters = constructor.GetParameters();
        var columns = string.Join(
            ", ",
            parameters.Select(parameter =>
                Column(parameter.Name!) + (parameter.ParameterType == typeof(string) ? "::text" : "")
            )
        );
        await using var command = database.CreateCommand(
            $"select {columns} from {table} order by "
                + $"{string.Join(", ", await PrimaryKeyAsync(database, table, cancellationToken))}"
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<object>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(constructor.Invoke([.. parameters.Select((parameter, index) => Value(reader, index, parameter))]));
        return [.. rows];
    }

    private static object? Value(NpgsqlDataReader reader, int index, ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (reader.IsDBNull(index))
        {
            var takesNull =
                Nullable.GetUnderlyingType(parameter.ParameterType) is not null
                || new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable;
            return takesNull
                ? null
                : throw new InvalidOperationException(
                    $"A row of {parameter.Member.DeclaringType!.Name} has no {parameter.Name}, which is not nullable."
                );
        }
        if (type == typeof(DateTimeOffset))
            return new DateTimeOffset(reader.GetFieldValue<DateTime>(index), TimeSpan.Zero);
        if (type == typeof(DateOnly))
            return reader.GetFieldValue<DateOnly>(index);
        if (type == typeof(string))
            return reader.GetFieldValue<string>(index);
        var value = reader.GetValue(index);
        return value.GetType() == type
            ? value
            : throw new InvalidOperationException(
                $"{parameter.Member.DeclaringType!.Name}.{parameter.Name} is {type.Name}, "
                    + $"but the column gives {value.GetType().Name}."
            );
    }

    private static async Task<List<string>> PrimaryKeyAsync(
        NpgsqlDataSource database,
        string table,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select a.attname
            from pg_index i, unnest(i.indkey) with ordinality k (number, place), pg_attribute a
            where i.indrelid = $1::regclass and i.indisprimary and a.attrelid = i.indrelid and a.attnum = k.number
            order by k.place
            """
        );
        command.Parameters.Add(new() { Value = table });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            columns.Add(string.Create(CultureInfo.InvariantCulture, $"{reader.GetString(0)}"));
        return columns;
    }

    private static string Column(string parameter)
    {
        var name = new StringBuilder();
        foreach (var character in parameter)
            name.Append(char.IsUpper(character) && name.Length > 0 ? "_" : "").Append(char.ToLowerInvariant(character));
        return name.ToString();
    }
}
