Strangler.Foundation.Cultures.CultureLibrary.DoWithoutIfMissing();
Strangler.Cli.StandardError.Use();
Strangler.Foundation.Cultures.CultureData.UseInvariantByDefault();
return await Strangler.Cli.Commands.CommandLine.RunAsync(args);
