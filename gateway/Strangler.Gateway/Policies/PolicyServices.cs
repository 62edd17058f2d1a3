using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Policies;

/// <summary>ASP.NET Core's policies, as the configuration defines them. What it doesn't define costs nothing.</summary>
internal static class PolicyServices
{
    public static IServiceCollection AddPolicies(this IServiceCollection services, PolicyModel policies)
    {
        AddSchemes(services, policies.Schemes);
        services.AddAuthorization(options =>
        {
            if (policies.Schemes.Names is [_, ..] schemes)
                options.DefaultPolicy = Known(schemes).Build();
            foreach (var (name, policy) in policies.Access)
                options.AddPolicy(
                    name,
                    Known(policy.Schemes).RequireAssertion(context => AccessRules.Allows(policy, context.User)).Build()
                );
        });
        services.AddCors(options =>
        {
            if (policies.DefaultCors is { } preset)
                options.AddDefaultPolicy(Cors(preset));
            foreach (var (name, policy) in policies.Cors)
                options.AddPolicy(name, Cors(policy));
        });
        if (policies.RateLimits.Count > 0)
            services.AddRateLimiter(options =>
            {
                options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
                options.OnRejected = static (rejected, _) =>
                {
                    if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after))
                        rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(after.TotalSeconds)
                            .ToString(CultureInfo.InvariantCulture);
                    return ValueTask.CompletedTask;
                };
                foreach (var (name, limit) in policies.RateLimits)
                    options.AddPolicy(name, context => RateLimitPartitions.Of(limit, context));
            });
        if (policies.Cache.Policies.Count > 0)
            services.AddOutputCache(options =>
            {
                options.SizeLimit = policies.Cache.SizeLimit;
                options.MaximumBodySize = policies.Cache.MaxBodyBytes;
                options.UseCaseSensitivePaths = true;
                foreach (var (name, policy) in policies.Cache.Policies)
                    options.AddPolicy(name, new AnswerCachePolicy(policy, policies.Schemes.ApiKey?.Header));
            });
        return services;
    }

    /// <summary>After routing, in the order that ASP.NET Core requires.</summary>
    /// <param name="application">The gateway.</param>
    /// <param name="policies">The defined policies.</param>
    public static void UsePolicies(this IApplicationBuilder application, PolicyModel policies)
    {
        // ASP.NET Core refuses a route that says 'disable', too, if nothing could do it, and a reload may bring one
        application.UseCors();
        if (policies.Schemes.Names.Count > 0)
            application.UseAuthentication().UseAuthorization();
        if (policies.RateLimits.Count > 0)
            application.UseRateLimiter();
        if (policies.Cache.Policies.Count > 0)
            application.UseOutputCache();
    }

    private static void AddSchemes(IServiceCollection services, SchemesModel schemes)
    {
        if (schemes.Names.Count == 0)
            return;
        var authentication = services.AddAuthentication();
        services.AddSingleton<IAuthenticationSchemeProvider, NamedSchemes>();
        if (schemes.HasBearer)
            authentication.AddJwtBearer(
                SchemesModel.Bearer,
                options => options.MapInboundClaims = false // claims are named as in the token
            );
        if (schemes.ApiKey is { } keys)
            authentication.AddScheme<ApiKeyOptions, ApiKeyHandler>(
                SchemesModel.ApiKeyName,
                options => options.Model = keys
            );
    }

    /// <summary>A caller who has shown who it is.</summary>
    private static AuthorizationPolicyBuilder Known(IReadOnlyList<string> schemes) =>
        new AuthorizationPolicyBuilder([.. schemes]).RequireAuthenticatedUser();

    private static CorsPolicy Cors(CorsPolicyModel model)
    {
        var builder = new CorsPolicyBuilder([.. model.Origins])
            .WithMethods([.. model.Methods])
            .WithHeaders([.. model.Headers])
            .WithExposedHeaders([.. model.ExposedHeaders]);
        if (model.AllowsCredentials)
            builder.AllowCredentials();
        if (model.MaxAge is { } age)
            builder.SetPreflightMaxAge(age);
        return builder.Build();
    }
}
