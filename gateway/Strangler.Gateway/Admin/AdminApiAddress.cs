using Microsoft.Extensions.Configuration;
using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Admin;

/// <summary>Where the admin API of a configuration's gateway serves.</summary>
public static class AdminApiAddress
{
    /// <summary>The configuration path of the address.</summary>
    public const string Path = AddressConfigReader.AdminPath;

    /// <summary>The configured address, or the one at which the admin API serves without a setting.</summary>
    public static string Of(IConfiguration configuration) => AddressConfigReader.Admin(configuration);
}
