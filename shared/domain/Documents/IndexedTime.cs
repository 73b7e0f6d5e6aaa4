using System.Globalization;

namespace Hexabase.Domain.Documents;

/// <summary>Times as the declared indexes hold them: UTC text in milliseconds, which sorts as time.</summary>
public static class IndexedTime
{
    public static string Of(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
