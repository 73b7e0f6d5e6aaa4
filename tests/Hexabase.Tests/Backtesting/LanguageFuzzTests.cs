using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Simulation;
using Hexabase.Backtesting.Strategies;
using Hexabase.Backtesting.Strategies.Language;
using Hexabase.Domain.Strategies.Templates;

namespace Hexabase.Tests.Backtesting;

/// <summary>Whatever is handed in is answered with errors or is a strategy that runs.</summary>
public sealed class LanguageFuzzTests
{
    private static readonly Candles Candles = LanguageGenerators.Candles(200).Sample(1, 1).First();

    private static readonly string[] Words =
    [
        .. Vocabulary.Series.Keys, .. Vocabulary.Functions.Keys, "n", "later", ".upper", ".signal", "and", "or", "not", "(", ")", "[", "]", ",", ".",
        "0", "1", "3", "2.5", "10000", "99999999999999999999", "+", "-", "*", "/", "<", "<=", "==", "!=", "=", "\u0000", "\ud800", "é",
    ];

    private static readonly string[] Documented =
    [
        .. StrategyTemplates.Read().Select(template => template.Code.GetRawText()),
        Documents.Of("cross_above(fast, slow) and bars_since(close < bands.lower) > n", "not up[1]", """
            {"parameters": {"n": {"default": 5, "min": 1, "max": 9, "step": 1, "integer": true}},
             "let": {"fast": "ema(close, n)", "slow": "sma(fast, 20)[2]", "bands": "bollinger(close, 20, 2)", "up": "change(hl2) > 0"},
             "stop_loss": {"type": "price_offset", "value": "2 * atr(n + 9)"}, "costs": {"spread": 0.0001}}
            """).GetRawText(),
    ];

    [Fact]
    public void Any_text_as_an_expression() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string?>(), text => AnswerOrRun(Documents.Of(text ?? ""))).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_words_as_an_expression_and_a_definition() => Prop.ForAll(
        Gen.Elements(Words).ListOf().Select(words => string.Join(' ', words)).Two().ToArbitrary(),
        texts => AnswerOrRun(Documents.Of(
            texts.Item1, null,
            $$"""{"let": {"later": {{JsonSerializer.Serialize(texts.Item2)}} }, "parameters": {"n": {"default": 1, "min": 1, "max": 5} } }""")))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    [Fact]
    public void Any_expression_that_follows_the_grammar_runs() => Prop.ForAll(
        LanguageGenerators.Condition.ToArbitrary(),
        expression => Assert.Empty(AnswerOrRun(Documents.Of(expression)))).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Any_document_with_mistakes() => Prop.ForAll(
        Mutated.ToArbitrary(),
        text =>
        {
            try
            {
                AnswerOrRun(JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetBytes(text)));
            }
            catch (JsonException)
            {
                // Not JSON: refused before it comes here.
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    /// <summary>A document with a few pieces dropped, doubled, overwritten or put in.</summary>
    private static Gen<string> Mutated =>
        from document in Gen.Elements(Documented)
        from edits in
            (from at in Gen.Choose(0, int.MaxValue)
             from length in Gen.Choose(0, 12)
             from piece in Gen.OneOf(Gen.Elements(Words), Gen.Elements("\"", "{", "}", ":", "null", "1e400", "-1", "[]", "\\ud800"), Gen.Constant(""))
             from isDoubled in Gen.Elements(true, false)
             select (at, length, piece, isDoubled)).ListOf(3)
        select edits.Aggregate(new StringBuilder(document), (text, edit) => Edit(text, edit.at, edit.length, edit.piece, edit.isDoubled)).ToString();

    private static StringBuilder Edit(StringBuilder text, int at, int length, string piece, bool isDoubled)
    {
        var start = at % text.Length;
        var end = Math.Min(text.Length, start + length);
        var old = text.ToString(start, end - start);
        return text.Remove(start, end - start).Insert(start, isDoubled ? old + old : piece);
    }

    /// <summary>The errors of a document; when there are none, it has been run.</summary>
    private static IReadOnlyList<StrategyError> AnswerOrRun(JsonElement document)
    {
        var parse = StrategyDefinition.Parse(document);
        if (parse.Succeeded(out var strategy))
            _ = Backtest.Run(strategy, Candles, 0, CancellationToken.None);
        return parse.Errors;
    }
}
