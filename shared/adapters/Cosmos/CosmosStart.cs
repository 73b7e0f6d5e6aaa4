using Hexabase.Domain.Documents;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hexabase.Adapters.Cosmos;

/// <summary>
/// Creates what is missing before the app starts, where the settings say so; then, while it serves already, asks each container once, so that the
/// SDK knows the account and the containers before most requests need them, and looks whether the account keeps what the store promises.
/// </summary>
internal sealed partial class CosmosStart(Database database, IDocumentStore documents, bool createContainers, ILogger logger) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (createContainers)
            await CosmosConnection.CreateContainers(database, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            foreach (var container in Containers.All)
                await documents.Read<object>(container, partition: "warm-up", id: "warm-up", stoppingToken);
            var account = await database.Client.ReadAccountAsync();
            if (account.Consistency.DefaultConsistencyLevel is not ConsistencyLevel.Strong and var level)
                LogNotStrong(level);
        }
        // Nothing here is worth an app that serves already, and what leaves this method would stop it.
        catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            LogNotReady(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The consistency of the Cosmos DB account is {Level} and has to be Strong: reads may miss acknowledged commits")]
    private partial void LogNotStrong(ConsistencyLevel level);

    [LoggerMessage(Level = LogLevel.Error, Message = "The app has started without an answer from Cosmos: {Reason}")]
    private partial void LogNotReady(string reason);
}
