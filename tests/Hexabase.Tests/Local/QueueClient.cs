using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Hexabase.Adapters.ServiceBus;
using Hexabase.Local.ServiceBus;
using Hexabase.Sqlite;

namespace Hexabase.Tests.Local;

/// <summary>Sends to the queue of the handler app, as a stranger with the connection string would, and looks into the platform's file.</summary>
/// <param name="data">The platform's data folder, where the key is.</param>
internal sealed class QueueClient(Uri platform, string data)
{
    private const string Queue = "work-tests";

    /// <param name="answers">What the app is to answer to each message.</param>
    public async Task Send(params IEnumerable<string> answers)
    {
        var key = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(data, "secrets.json"))).GetProperty("ServiceBusKey").GetString()!;
        using var http = new HttpClient();
        foreach (var answer in answers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(platform, $"{Queue}/messages"));
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(
                SasTokens.Create(new Uri(platform, Queue).ToString(), "local", key, DateTimeOffset.UtcNow.AddMinutes(5)));
            request.Headers.Add("BrokerProperties", """{"SessionId":"s"}""");
            request.Content = new StringContent(answer);
            using var reply = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Created, reply.StatusCode);
        }
    }

    /// <summary>How many messages a platform that has ended left, how many of them dead, and how often those that wait were delivered.</summary>
    public static async Task<(long Waiting, long Dead, long Deliveries)> Left(string data)
    {
        await using var database = SqliteDatabase.Open(Path.Combine(data, "platform.db"), ServiceBusSchema.Sql);
        return database.Read(s => (
            s.Scalar("select count(*) from bus_messages", 0L),
            s.Scalar("select count(*) from bus_dead_letters", 0L),
            s.Scalar("select sum(delivery_count) from bus_messages", 0L)));
    }
}
