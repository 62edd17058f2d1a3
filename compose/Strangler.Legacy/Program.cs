using Shop;

// Like a service written for one country: its output doesn't depend on the machine.
System.Globalization.CultureInfo.DefaultThreadCurrentCulture = System.Globalization.CultureInfo.CurrentCulture = System
    .Globalization
    .CultureInfo
    .InvariantCulture;
return await Command.RunAsync(args);
