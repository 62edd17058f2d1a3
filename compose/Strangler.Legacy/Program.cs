using Shop;

// As a service that was written for one place: what it writes doesn't depend on the machine.
System.Globalization.CultureInfo.DefaultThreadCurrentCulture = System.Globalization.CultureInfo.CurrentCulture = System
    .Globalization
    .CultureInfo
    .InvariantCulture;
return await Command.RunAsync(args);
