using System.Reflection;
using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Cultures;
using Strangler.Foundation.Faults;
using Strangler.Projections.Configuration;
using Strangler.Projections.Declaring;
using Strangler.Projections.Versions;

namespace Strangler.Projections.Loading;

/// <summary>
/// The projections of the assemblies that <c>Projections:Assemblies</c> names: all of them, or those that
/// <c>Projections:Include</c> names.
/// </summary>
internal static class ProjectionCatalog
{
    public const string Section = "Projections:Assemblies";
    public const string IncludeSection = "Projections:Include";

    /// <summary>
    /// Loads the assemblies and builds the models of their projections, in the order of the configuration and of the
    /// classes' names; returns none if no assembly is named. The team's code runs meanwhile: if it hung and this part
    /// waited without a limit, the part would never start.
    /// </summary>
    /// <exception cref="FaultException">
    /// All faults: exceptions of the team's code, loading that takes too long, a file that doesn't exist or isn't an
    /// assembly, an assembly without projections, faulty declarations, two projections with one name, an included name
    /// that no assembly declares.
    /// </exception>
    public static IReadOnlyList<ProjectionModel> Load(IConfiguration configuration) =>
        Load(configuration, CultureData.Name);

    /// <param name="cultures">The source of this process's culture data.</param>
    internal static IReadOnlyList<ProjectionModel> Load(IConfiguration configuration, string cultures)
    {
        IReadOnlyList<ProjectionModel> models = [];
        IReadOnlyList<Fault> faults = [];
        // a faulty limit is reported by the configuration's check
        var limit = ProjectionsConfig.LoadLimit(configuration, []);
        var thread = new Thread(Run) { IsBackground = true, Name = "loading projections" };
        thread.Start();
        // From outside, code that hangs and a machine that has no time for it look the same, so the sentence has both.
        if (!thread.Join(limit))
            faults =
            [
                new(
                    Section,
                    $"Loading the projections did not end within {limit.TotalSeconds:0.##} s: one of their static "
                        + "constructors, Declare, Json or key types hangs, or this machine is too busy.",
                    "Let them return immediately: they only declare. If the machine is slow, raise "
                        + "'Projections:LoadLimit'."
                ),
            ];
        return faults.Count == 0 ? models : throw new FaultException(faults);

        void Run()
        {
            try
            {
                models = LoadAll(configuration, cultures);
            }
            catch (FaultException exception)
            {
                faults = exception.Faults;
            }
            catch (Exception exception) // the team's code may throw anything
            {
                faults =
                [
                    new(
                        Section,
                        $"The projections cannot be loaded: {ThrownText.Of(exception)}",
                        "Correct the projections' code."
                    ),
                ];
            }
        }
    }

    private static IReadOnlyList<ProjectionModel> LoadAll(IConfiguration configuration, string cultures)
    {
        var faults = new List<Fault>();
        var models = new List<(ProjectionModel Model, string Path)>();
        var included = configuration.GetSection(IncludeSection).GetChildren().ToList();
        var declared = new List<string>();
        foreach (var entry in configuration.GetSection(Section).GetChildren())
        {
            foreach (var (type, version, code) in Classes(entry, configuration, cultures, faults))
            {
                declared.Add(type.Name);
                if (included.Count > 0 && !included.Exists(name => name.Value == type.Name))
                    continue;
                try
                {
                    models.Add((ProjectionModelBuilder.Build(type, version, code), entry.Path));
                }
                catch (FaultException exception)
                {
                    faults.AddRange(exception.Faults);
                }
                catch (Exception exception)
                {
                    faults.Add(
                        new(
                            type.Name,
                            $"It cannot be built: {ThrownText.Of(exception)}",
                            "Correct the projection's class, and build it against this version of Strangler."
                        )
                    );
                }
            }
        }
        faults.AddRange(
            included
                .Where(name => name.Value is null || !declared.Contains(name.Value))
                .Select(name => new Fault(
                    name.Path,
                    $"No assembly of '{Section}' declares a projection '{name.Value}'.",
                    declared.Count == 0
                        ? $"Name its assembly in '{Section}'."
                        : $"There are {string.Join(", ", declared.Distinct().Order(StringComparer.Ordinal))}; "
                            + "without the list, all of them are built."
                ))
        );
        faults.AddRange(
            models
                .GroupBy(one => one.Model.Id.Name)
                .Where(group => group.Count() > 1)
                .Select(group => new Fault(
                    string.Join(" and ", group.Select(one => one.Path).Distinct()),
                    $"There are {group.Count()} projections with the name '{group.Key}'.",
                    "Rename all but one: routes and documents know a projection by its class's name."
                ))
        );
        return faults.Count == 0 ? [.. models.Select(one => one.Model)] : throw new FaultException(faults);
    }

    private static List<(Type Type, string Version, ProjectionCode Code)> Classes(
        IConfigurationSection entry,
        IConfiguration configuration,
        string cultures,
        List<Fault> faults
    )
    {
        if (string.IsNullOrWhiteSpace(entry.Value))
        {
            faults.Add(
                new(
                    entry.Path,
                    "The path of an assembly is empty.",
                    "Name the assembly's file, as in 'Shop.Projections.dll', or remove the entry."
                )
            );
            return [];
        }
        var tried = ConfigurationFolder
            .Of(configuration)
            .Append(AppContext.BaseDirectory)
            .Select(folder => Path.GetFullPath(entry.Value, folder))
            .Distinct()
            .ToList();
        if (tried.Find(File.Exists) is not { } path)
        {
            faults.Add(
                new(
                    entry.Path,
                    $"The assembly '{entry.Value}' doesn't exist; looked for {string.Join(", ", tried)}.",
                    "Build it, or correct the path; it is relative to the configuration's folder or to the program's."
                )
            );
            return [];
        }
        try
        {
            var (version, code) = CodeVersion.Read(path, cultures);
            var classes = new TeamAssembly(path)
                .Load()
                .GetTypes()
                .Where(ProjectionModelBuilder.IsProjection)
                .OrderBy(type => type.FullName, StringComparer.Ordinal)
                .ToList();
            if (classes.Count == 0)
                faults.Add(
                    new(
                        entry.Path,
                        $"The assembly '{path}' declares no projection.",
                        "Write a class in it that implements IProjection<TKey, TDocument> of "
                            + "Strangler.Projections.Abstractions, or name another assembly."
                    )
                );
            return classes.ConvertAll(type => (type, version, code));
        }
        catch (BadImageFormatException)
        {
            faults.Add(
                new(
                    entry.Path,
                    $"The file '{path}' is not a .NET assembly.",
                    "Name the .dll that the build of the projections' project makes."
                )
            );
        }
        catch (Exception exception)
            when (exception
                    is ReflectionTypeLoadException
                        or FileNotFoundException
                        or FileLoadException
                        or TypeLoadException
            )
        {
            var cause = exception is ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] }
                ? first
                : exception;
            faults.Add(
                new(
                    entry.Path,
                    $"The assembly '{path}' cannot be loaded: {cause.Message}",
                    "Publish the project ('dotnet publish'), so that its references are next to it, and build "
                        + "it against this version of Strangler."
                )
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            faults.Add(
                new(
                    entry.Path,
                    $"The assembly '{path}' cannot be read: {exception.Message}",
                    "Let this program's user read it."
                )
            );
        }
        return [];
    }
}
