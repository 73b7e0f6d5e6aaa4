using Hexabase.Domain;
using Hexabase.Domain.Workspaces.Support;
using Hexabase.Functions.Accounts;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Workspaces;

public sealed class ListTicketsTrigger(ListTicketsHandler handler)
{
    private const int DefaultLimit = 50;

    /// <summary>Operators only: a page of the questions that support is to answer.</summary>
    [Function("ListTickets"), Authorize(Policy = AccountsServices.OperatorPolicy)]
    [ProducesResponseType<Listed<SupportTicket>>(200)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/tickets")] HttpRequest request,
        CancellationToken ct,
        int limit = DefaultLimit,
        string? continuation = null) =>
        (await handler.Handle(new ListTickets(limit, continuation), ct)).ToHttp(Results.Ok);
}
