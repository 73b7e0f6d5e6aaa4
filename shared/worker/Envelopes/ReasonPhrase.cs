namespace Hexabase.Worker.Envelopes;

/// <summary>The one line in which a failure travels to the host.</summary>
internal static class ReasonPhrase
{
    public const int MostCharacters = 512;

    /// <summary><c>ExceptionType: message</c> on one line of printable ASCII, cut to <see cref="MostCharacters"/>.</summary>
    public static string Of(Exception failure)
    {
        var type = failure.GetType().Name;
        var message = failure.Message;
        return string.Create(int.Min(type.Length + 2 + message.Length, MostCharacters), (type, message), static (phrase, from) =>
        {
            for (var i = 0; i < phrase.Length; i++)
                phrase[i] = Printable(CharacterAt(i, from.type, from.message));
        });
    }

    private static char CharacterAt(int index, string type, string message) => (index - type.Length) switch
    {
        < 0 => type[index],
        0 => ':',
        1 => ' ',
        var after => message[after - 2],
    };

    private static char Printable(char c) => c switch
    {
        >= ' ' and <= '~' => c,
        < ' ' => ' ',
        _ => '?',
    };
}
