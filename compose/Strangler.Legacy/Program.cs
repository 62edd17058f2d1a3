Console.WriteLine("legacy");
