using System.Net;

namespace Hexabase.Tests.EndToEnd.Workspaces;

/// <summary>Visitors who ask an app again and again, from now on.</summary>
internal sealed class AppVisitors
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly List<HttpStatusCode> answers = [];
    private readonly Task asking;
    private volatile bool haveEnough;

    public AppVisitors(Func<Task<HttpStatusCode>> ask) => asking = AskAgainAndAgain(ask);

    /// <summary>What they were answered, once the last of them has left.</summary>
    public async Task<IReadOnlyList<HttpStatusCode>> Leave()
    {
        haveEnough = true;
        await asking;
        return answers;
    }

    private async Task AskAgainAndAgain(Func<Task<HttpStatusCode>> ask)
    {
        for (; !haveEnough; await Task.Delay(Pause))
            answers.Add(await ask());
    }
}
