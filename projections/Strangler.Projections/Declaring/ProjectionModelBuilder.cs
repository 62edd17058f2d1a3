using System.Reflection;
using System.Text.Json;
using Strangler.Foundation.Faults;

namespace Strangler.Projections.Declaring;

/// <summary>
/// Builds a projection's model from its class. The static members are found once: one generic method is closed over
/// class, key and document, and returns delegates, so no reflection runs per key or row.
/// </summary>
internal static class ProjectionModelBuilder
{
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMillisecond / 1000;

    /// <summary>Whether the class is a projection.</summary>
    public static bool IsProjection(Type type) =>
        type is { IsInterface: false, IsAbstract: false, ContainsGenericParameters: false } && Contracts(type).Any();

    /// <summary>The model of the class.</summary>
    /// <param name="type">A class that implements <see cref="IProjection{TKey, TDocument}"/>.</param>
    /// <param name="version">The version of its code.</param>
    /// <param name="code">What the version is computed from; null if unknown.</param>
    /// <exception cref="FaultException">Everything that is wrong with the declaration.</exception>
    public static ProjectionModel Build(Type type, string version, ProjectionCode? code = null)
    {
        if (Contracts(type).ToList() is not [var contract])
        {
            throw new FaultException(
                new Fault(
                    type.Name,
                    "It does not implement IProjection exactly once.",
                    "Write a class for each projection."
                )
            );
        }
        var method = typeof(ProjectionModelBuilder)
            .GetMethod(nameof(BuildTyped), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod([type, .. contract.GetGenericArguments()]);
        return method.CreateDelegate<Func<string, ProjectionCode?, ProjectionModel>>()(version, code);
    }

    private static IEnumerable<Type> Contracts(Type type) =>
        type.GetInterfaces()
            .Where(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IProjection<,>));

    private static ProjectionModel BuildTyped<TProjection, TKey, TDocument>(string version, ProjectionCode? code)
        where TProjection : IProjection<TKey, TDocument>
        where TKey : struct, IParsable<TKey>
        where TDocument : class
    {
        var name = typeof(TProjection).Name;
        var sources = new DeclaredSources<TKey>(name);
        Run(() => TProjection.Declare(sources), "Declare");
        if (sources.Faults.Count == 0)
            Run(sources.Finish, "Declare");
        Run(
            () =>
            {
                if (KeyText<TKey>.Fault(name) is { } fault)
                    sources.Faults.Add(fault);
            },
            "key type"
        );
        JsonSerializerOptions? json = null;
        Run(() => json = TProjection.Json, "Json");
        if (sources.Faults.Count > 0)
            throw new FaultException(sources.Faults);

        var id = new ProjectionId(name, version);
        return new ProjectionModel
        {
            Id = id,
            Code = code,
            Tables = sources.Tables,
            Canonical = KeyText<TKey>.Canonical,
            Compute = (key, rows, now) => Compute<TProjection, TKey, TDocument>(key, rows, now, json!),
            Responder = new Responder<TProjection, TKey, TDocument>(id, code, json!),
        };

        void Run(Action action, string member)
        {
            try
            {
                action();
            }
            catch (Exception exception) // the team's code may throw anything
            {
                sources.Faults.Add(
                    new(name, $"Its {member} threw {ThrownText.Of(exception)}", "Correct the projection's class.")
                );
            }
        }
    }

    private static ComputedDocument Compute<TProjection, TKey, TDocument>(
        string key,
        Rows rows,
        DateTimeOffset now,
        JsonSerializerOptions json
    )
        where TProjection : IProjection<TKey, TDocument>
        where TKey : struct, IParsable<TKey>
        where TDocument : class
    {
        var projected = TProjection.Project(KeyText<TKey>.Parse(key), rows, now);
        if (projected.RecomputeAt is { } due && due <= now)
        {
            throw new InvalidOperationException($"RecomputeAt is {due:O}, which is not after now ({now:O}).");
        }
        return new(
            projected is { LegacyReason: null, Document: { } document }
                ? JsonSerializer.SerializeToUtf8Bytes(document, json)
                : null,
            ToMicroseconds(projected.RecomputeAt)
        )
        {
            LegacyReason = projected.LegacyReason,
        };
    }

    /// <summary>The time in UTC, in the microseconds that the store keeps, and never later than it was given.</summary>
    private static DateTimeOffset? ToMicroseconds(DateTimeOffset? time) =>
        time is { } at ? new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TicksPerMicrosecond), TimeSpan.Zero) : null;
}
