namespace Strangler.Evidence.Storing;

/// <summary>A count.</summary>
internal sealed record CountRow(
    string What,
    string Name,
    string Detail,
    long N,
    DateTimeOffset First,
    DateTimeOffset Last
);
