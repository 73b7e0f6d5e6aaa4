using Hexabase.Domain;

namespace Hexabase.Tests.Support;

/// <summary>What a test expects of an answer.</summary>
internal static class ResultAssertions
{
    public static T Value<T>(this Result<T> result)
    {
        Assert.True(result.Succeeded(out var value, out var refusal), refusal?.ToString());
        return value!;
    }

    public static Refusal Refusal<T>(this Result<T> result)
    {
        Assert.False(result.Succeeded(out var value, out var refusal), value?.ToString());
        return refusal!;
    }
}
