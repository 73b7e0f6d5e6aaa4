using Hexabase.Domain;
using Hexabase.Domain.Documents;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hexabase.Adapters.Cosmos;

/// <summary>
/// Creates what is missing before the app starts, where the settings say so; then, while it serves already, asks each container once, so that the
/// SDK knows the account and the containers before most requests need them.
/// </summary>
internal sealed partial class CosmosStart(Database database, IDocumentStore documents, bool createContainers, ILogger<CosmosStart> logger)
    : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (createContainers)
            await CosmosConnection.CreateContainers(database, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var container in Containers.All)
        {
            try
            {
                await documents.Read<object>(container, partition: "warm-up", id: "warm-up", stoppingToken);
            }
            catch (DependencyUnavailableException e)
            {
                LogNotReady(container.Name, e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Container {Container} does not answer: {Reason}")]
    private partial void LogNotReady(string container, string reason);
}
