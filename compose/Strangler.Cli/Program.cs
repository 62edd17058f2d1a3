return await Strangler.Cli.CommandLine.RunAsync(args);
