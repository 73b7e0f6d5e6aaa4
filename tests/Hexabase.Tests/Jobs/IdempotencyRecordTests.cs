using System.Text.Json;
using Hexabase.Domain;
using Hexabase.Domain.Jobs;

namespace Hexabase.Tests.Jobs;

/// <summary>One document for both kinds of job; records of runs that were stored before sweeps existed are still read.</summary>
public sealed class IdempotencyRecordTests
{
    private const string OfRun = """{"run_id":"r_1","inputs_hash":"abc"}""";

    [Fact]
    public void The_record_of_a_run_is_stored_without_a_byte_for_sweeps() =>
        Assert.Equal(OfRun, JsonSerializer.Serialize(new IdempotencyRecord("r_1", "abc"), DomainJson.Options));

    [Fact]
    public void A_stored_record_of_a_run_is_read() =>
        Assert.Equal(new IdempotencyRecord("r_1", "abc"), JsonSerializer.Deserialize<IdempotencyRecord>(OfRun, DomainJson.Options));

    [Fact]
    public void A_stored_record_of_a_sweep_is_read() => Assert.Equal(
        new IdempotencyRecord(null, "abc", "sw_1"),
        JsonSerializer.Deserialize<IdempotencyRecord>("""{"sweep_id":"sw_1","inputs_hash":"abc"}""", DomainJson.Options));
}
