using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Strangler.Hosting;

const string Shop = "shop";
var builder = WebApplication.CreateBuilder(args);
builder.Configuration.AddJsonFile(builder.Configuration["Strangler"] ?? "strangler.json").AddCommandLine(args);

// The key lives as long as the process: a token is good until the next start.
var key = new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32));
builder
    .Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
    .AddJwtBearer(options =>
    {
        options.MapInboundClaims = false;
        options.TokenValidationParameters = new()
        {
            ValidIssuer = Shop,
            ValidAudience = Shop,
            IssuerSigningKey = key,
            NameClaimType = JwtRegisteredClaimNames.Sub,
        };
    });
builder.Services.AddAuthorizationBuilder().AddPolicy("customer", policy => policy.RequireAuthenticatedUser());
builder.Services.AddRateLimiter(options =>
{
    options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
    var limit = new FixedWindowRateLimiterOptions
    {
        PermitLimit = builder.Configuration.GetValue("RequestsPerMinute", 60),
        Window = TimeSpan.FromMinutes(1),
    };
    options.AddPolicy(
        "calm",
        context => RateLimitPartition.GetFixedWindowLimiter(context.User.Identity?.Name ?? "", _ => limit)
    );
});
builder
    .Services.AddReverseProxy()
    .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"))
    .AddStrangler(builder.Configuration);

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.UseRateLimiter();
app.MapPost(
    "/tokens/{customer}",
    (string customer) =>
        new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Shop,
                Audience = Shop,
                Claims = new Dictionary<string, object> { [JwtRegisteredClaimNames.Sub] = customer },
                SigningCredentials = new(key, SecurityAlgorithms.HmacSha256),
            }
        )
);
app.MapReverseProxy();
app.Run();
