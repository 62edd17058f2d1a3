using System.Security.Claims;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Policies;
using Xunit;

namespace Strangler.Gateway.Tests.Policies;

public sealed class AccessRulesTests
{
    [Theory]
    [InlineData("role=clerk", true)]
    [InlineData("roles=clerk", true)]
    [InlineData(ClaimTypes.Role + "=clerk", true)]
    [InlineData("role=Clerk", false)]
    [InlineData("role=guest", false)]
    [InlineData("", false)]
    public void Allows_Role_IsOneOfThePolicys(string claim, bool isAllowed) =>
        Assert.Equal(isAllowed, AccessRules.Allows(Policy(["boss", "clerk"]), Caller(claim)));

    [Theory]
    [InlineData("scope=read orders", "tenant=7", true)]
    [InlineData("scp=read orders", "tenant=7", false)]
    [InlineData("scope=orders", "tenant=", true)]
    [InlineData("scope=orders.all", "tenant=7", false)]
    [InlineData("scope=orders", "other=7", false)]
    [InlineData("tenant=read orders", "tenant=7", false)]
    public void Allows_Claims_AreAllNeeded(string first, string second, bool isAllowed) =>
        Assert.Equal(
            isAllowed,
            AccessRules.Allows(Policy([], ("scope", ["orders", "stock"]), ("tenant", [])), Caller(first, second))
        );

    private static AccessPolicyModel Policy(string[] roles, params (string Type, string[] Values)[] claims) =>
        new(["Bearer"], roles, claims.ToDictionary(claim => claim.Type, claim => (IReadOnlyList<string>)claim.Values));

    private static ClaimsPrincipal Caller(params string[] claims) =>
        new(
            new ClaimsIdentity(
                claims
                    .Where(claim => claim.Length > 0)
                    .Select(claim => claim.Split('=', 2))
                    .Select(pair => new Claim(pair[0], pair[1])),
                "test"
            )
        );
}
