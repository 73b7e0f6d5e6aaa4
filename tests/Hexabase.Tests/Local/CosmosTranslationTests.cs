using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Local.Cosmos;

namespace Hexabase.Tests.Local;

/// <summary>The rules by which the proxy translates, without an emulator.</summary>
public sealed class CosmosTranslationTests
{
    private static readonly JsonElement Partition = JsonElement.Parse("\"a\"");

    [Theory]
    [InlineData("SELECT * FROM c", "SELECT * FROM c WHERE c[\"accountId\"] = @partition_of_the_request ")]
    [InlineData("SELECT * FROM root AS r ORDER BY r.id", "SELECT * FROM root AS r  WHERE r[\"accountId\"] = @partition_of_the_request ORDER BY r.id")]
    [InlineData("SELECT * FROM root r", "SELECT * FROM root r WHERE r[\"accountId\"] = @partition_of_the_request ")]
    [InlineData(
        "SELECT * FROM c WHERE c.a = 1 OR c.b = 2 ORDER BY c.id",
        "SELECT * FROM c WHERE ( c.a = 1 OR c.b = 2 ) AND c[\"accountId\"] = @partition_of_the_request ORDER BY c.id")]
    [InlineData(
        "select c.order from c where c.where = 'order by' and c.group = @group",
        "select c.order from c WHERE ( c.where = 'order by' and c.group = @group) AND c[\"accountId\"] = @partition_of_the_request ")]
    [InlineData(
        "SELECT * FROM c WHERE EXISTS(SELECT VALUE x FROM x IN c.xs WHERE x = 1)",
        "SELECT * FROM c WHERE ( EXISTS(SELECT VALUE x FROM x IN c.xs WHERE x = 1)) AND c[\"accountId\"] = @partition_of_the_request ")]
    [InlineData("no query", "no query")]
    public void A_query_gets_the_condition_that_keeps_it_in_its_partition(string sql, string restricted) =>
        Assert.Equal(restricted, PartitionedQuery.Restrict(sql, ["accountId"]));

    [Fact]
    public void A_text_in_a_query_is_never_taken_for_a_part_of_it() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonNull<string>>(),
        text =>
        {
            var literal = JsonSerializer.Serialize(text.Get + " WHERE ORDER BY (");
            return PartitionedQuery.Restrict($"SELECT * FROM c WHERE c.a = {literal} ORDER BY c.id", ["p"])
                == $"SELECT * FROM c WHERE ( c.a = {literal} ) AND c[\"p\"] = @partition_of_the_request ORDER BY c.id";
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("", "", "")]
    [InlineData("dbs/d", "dbs", "dbs/d")]
    [InlineData("dbs/d/colls", "colls", "dbs/d")]
    [InlineData("dbs/d/colls/c/docs/a%20b", "docs", "dbs/d/colls/c/docs/a b")]
    public void The_target_names_type_and_resource(string path, string type, string link)
    {
        var target = new CosmosTarget(path);

        Assert.Equal((type, link), (target.Type, target.Link));
    }

    [Theory]
    [InlineData("dbs/d/colls/c/docs/1", "/dbs/d/colls/c")]
    [InlineData("dbs/d/colls/c/docs", "/dbs/d/colls/c")]
    [InlineData("dbs/d/colls/c", "/dbs/d")]
    public void What_a_resource_is_in_is_its_owner(string path, string owner) => Assert.Equal(owner, new CosmosTarget(path).Owner);

    [Fact]
    public void A_batch_is_refused_exactly_when_applying_its_operations_one_by_one_would_fail() => Prop.ForAll(
        (from operations in Operation().ListOf() from stored in Gen.SubListOf(["x", "y", "z"]) select (operations, stored)).ToArbitrary(),
        given => BatchRules.Refusal([.. given.operations], Partition, ["p"], given.stored.ToDictionary(id => id, id => id))
            == OneByOne([.. given.operations], given.stored)).QuickCheckThrowOnFailure();

    [Fact]
    public void The_operations_beside_the_one_that_failed_have_a_failed_dependency() =>
        Assert.Equal([424, 409, 424], BatchRules.Refused(count: 3, operation: 1, status: 409).Select(result => result.Status));

    [Fact]
    public void An_item_that_names_another_partition_is_refused() => Assert.Equal(
        (0, 400),
        BatchRules.Refusal([new BatchOperation(BatchVerb.Upsert, "x", JsonElement.Parse("""{"id":"x","p":"b"}"""), IfMatch: null, Minimal: false)],
            Partition, ["p"], new Dictionary<string, string>()));

    private static Gen<BatchOperation> Operation() =>
        from verb in Gen.Elements(Enum.GetValues<BatchVerb>())
        from id in Gen.Elements("x", "y", "z")
        from match in Gen.Elements(null, "*", id, "another")
        select new BatchOperation(
            verb, id, verb is BatchVerb.Read or BatchVerb.Delete ? null : JsonElement.Parse($$"""{"id":"{{id}}","p":"a"}"""), match, Minimal: true);

    /// <summary>Stored items have their id as their ETag, written ones a new one.</summary>
    private static (int, int)? OneByOne(IReadOnlyList<BatchOperation> operations, IEnumerable<string> stored)
    {
        var there = stored.ToDictionary(id => id, id => id, StringComparer.Ordinal);
        foreach (var (i, (verb, id, _, match, _)) in operations.Index())
        {
            var etag = there.GetValueOrDefault(id);
            if (verb == BatchVerb.Create && etag is not null)
                return (i, 409);
            if (verb is BatchVerb.Read or BatchVerb.Replace or BatchVerb.Delete && etag is null)
                return (i, 404);
            if (verb != BatchVerb.Read && etag is not null && match is not (null or "*") && match != etag)
                return (i, 412);
            if (verb == BatchVerb.Delete)
                there.Remove(id);
            else if (verb != BatchVerb.Read)
                there[id] = $"new-{i}";
        }
        return null;
    }
}
