using System.Globalization;

namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>Reads the arguments of a call that must be the same at every bar.</summary>
internal readonly record struct Arguments(Binder Binder, CallSyntax Call)
{
    /// <summary>Whether a call has as many arguments as a signature, as in <c>(series, period)</c>, names.</summary>
    public static bool Fit(string signature, CallSyntax call) =>
        call.Arguments.Count == (signature == "()" ? 0 : signature.Count(c => c == ',') + 1);

    /// <exception cref="ExpressionException">It is not a whole number within bounds.</exception>
    public int Period(int at) => Binder.Period(Call.Function, Call.Arguments[at]);

    /// <exception cref="ExpressionException">It is not a number above 0, the same at every bar.</exception>
    public double Positive(int at, string name)
    {
        var syntax = Call.Arguments[at];
        var number = Binder.Number(syntax);
        if (!number.IsConstant)
            throw new ExpressionException(syntax.Column, $"the {name} of {Call.Function} must be a number or parameter, the same at every bar");
        if (number.Constant > 0)
            return number.Constant;
        var wanted = $"the {name} of {Call.Function} must be above 0";
        throw new ExpressionException(syntax.Column, string.Create(CultureInfo.InvariantCulture, $"{wanted}, not {number.Constant}"));
    }
}
