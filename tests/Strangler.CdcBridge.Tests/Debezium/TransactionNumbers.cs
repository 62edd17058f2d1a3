namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>Transaction ids in order of first use, since two runs never have the same ids.</summary>
internal sealed class TransactionNumbers
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    public string Number(string id)
    {
        if (!_numbers.TryGetValue(id, out var number))
            _numbers.Add(id, number = _numbers.Count + 1);
        return $"tx{number}";
    }
}
