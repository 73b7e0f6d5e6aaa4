namespace Hexabase.Functions.Http;

/// <summary>What every request passes before a function answers it.</summary>
public static class HttpEdge
{
    /// <summary>Adds all of it, in the one order that works; functions are mapped after it.</summary>
    public static void UseHttpEdge(this WebApplication app)
    {
        app.UseCorrelationId();
        app.UseAvailabilityCount();
        app.UseSecurityHeaders();
        app.UseProblemsForExceptions();
        app.UseRouting();
        app.UseCors();
        app.UseBearerAuthentication();
        app.UseAuthorization();
    }
}
