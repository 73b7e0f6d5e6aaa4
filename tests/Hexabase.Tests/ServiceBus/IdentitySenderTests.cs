using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Hexabase.Adapters.ServiceBus;
using Hexabase.Domain.Messaging;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.ServiceBus;

/// <summary>The sender with an Entra identity: as on Azure over https, which a stand-in leads to this machine.</summary>
public sealed class IdentitySenderTests
{
    private static readonly Uri Namespace = new("https://contoso.servicebus.windows.net/");

    private readonly NumberedTokens credential = new();

    [Fact]
    public async Task A_token_for_Service_Bus_is_asked_for_once_and_used_until_it_expires()
    {
        await using var service = await AnsweringService.Start(new Answer(201));
        var sender = NewSender(service);
        await Send(sender);
        await Send(sender);
        Assert.Equal(["Bearer token-1", "Bearer token-1"], service.Requests.Select(r => r.Authorization));
        Assert.Equal(["https://servicebus.azure.net/.default"], credential.AskedFor);
    }

    [Fact]
    public async Task A_401_without_a_challenge_is_tried_once_more_with_a_new_token()
    {
        await using var service = await AnsweringService.Start(new(401), new(201));
        await Send(NewSender(service));
        Assert.Equal(["Bearer token-1", "Bearer token-2"], service.Requests.Select(r => r.Authorization));
    }

    [Fact]
    public async Task Without_a_token_nothing_is_sent_and_sending_later_may_work()
    {
        await using var service = await AnsweringService.Start(new Answer(201));
        credential.IsDown = true;
        var sender = NewSender(service);
        var e = await Assert.ThrowsAsync<MessagingException>(() => Send(sender));
        Assert.False(e.IsRejection);
        Assert.Empty(service.Requests);

        credential.IsDown = false;
        await Send(sender);
        Assert.Single(service.Requests);
    }

    [Fact]
    public async Task A_token_never_travels_in_clear_text()
    {
        await using var service = await AnsweringService.Start(new Answer(201));
        var sender = new ServiceBusSender(new ServiceBusConnection.Identity(service.Address, credential), TimeProvider.System);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Send(sender));
        Assert.Empty(service.Requests);
    }

    private ServiceBusSender NewSender(AnsweringService service) => new(
        new ServiceBusConnection.Identity(Namespace, credential),
        new ImpatientClock(),
        new HttpClientTransport(new HttpClient(new LeadTo(service.Address))));

    private static Task Send(ServiceBusSender sender) => sender.Send("runs", [BusHost.Message("m")], CancellationToken.None);

    /// <summary>Leads requests to the namespace to a server on this machine.</summary>
    private sealed class LeadTo(Uri address) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal(Namespace.GetLeftPart(UriPartial.Authority), request.RequestUri!.GetLeftPart(UriPartial.Authority));
            request.RequestUri = new Uri(address, request.RequestUri.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>Gives token-1, token-2 and so on.</summary>
    private sealed class NumberedTokens : TokenCredential
    {
        private readonly List<string> askedFor = [];

        public bool IsDown { get; set; }

        public IReadOnlyList<string> AskedFor => askedFor;

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            if (IsDown)
                throw new CredentialUnavailableException("The identity endpoint does not answer.");
            askedFor.Add(Assert.Single(requestContext.Scopes));
            return new AccessToken($"token-{askedFor.Count}", DateTimeOffset.UtcNow.AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
