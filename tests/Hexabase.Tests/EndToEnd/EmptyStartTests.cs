using System.Net;

namespace Hexabase.Tests.EndToEnd;

/// <summary>The platform with <c>--no-seed</c> and no other option than its port.</summary>
[Collection(PlatformCollection.Name)]
public sealed class EmptyStartTests
{
    [Fact]
    public async Task Without_the_seed_there_are_no_templates_and_candles_and_the_state_is_in_the_current_folder()
    {
        await using var platform = await PlatformProcess.Start(seed: false);
        using var visitor = new Visitor(platform);
        using (var ready = await visitor.GetReply("/health/ready"))
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        await visitor.SignIn("first@example.com"); // Seeding begins before the app answers: it would have come far by now.

        Assert.Equal(0, (await visitor.Get("/api/strategies?limit=100")).GetProperty("items").GetArrayLength());
        Assert.Equal(0, (await visitor.Get("/api/datasets?limit=100")).GetProperty("items").GetArrayLength());
        Assert.True(File.Exists(Path.Combine(platform.Folder, ".hexabase", "documents.db")));
        Assert.Equal([".hexabase"], Directory.EnumerateFileSystemEntries(platform.Folder).Select(Path.GetFileName));
    }
}
