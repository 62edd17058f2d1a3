using Shop;

return await Command.RunAsync(args);
