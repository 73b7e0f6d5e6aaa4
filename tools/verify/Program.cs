using System.CommandLine;
using System.CommandLine.Parsing;
using Hexabase.Verify;

var proof = new Argument<string>("proof") { Description = "The proof, as GET /api/run/{run_id}/proof gives it." };
var dataset = new Option<string>("--dataset")
{
    Description = "The candles, as GET /api/datasets/{dataset_hash} gives them or as they were uploaded.",
    HelpName = "FILE",
    Required = true,
};
var jwks = new Option<string>("--jwks")
{
    Description = "The key set of the site that the proof is from: a file, or its https address (…/.well-known/jwks.json).",
    HelpName = "FILE|URL",
    Required = true,
};
var json = new Option<bool>("--json") { Description = "Print the verdict as POST /api/verify gives it." };
proof.Validators.Add(RefuseEmpty);
dataset.Validators.Add(RefuseEmpty);
jwks.Validators.Add(RefuseEmpty);

var command = new RootCommand(
    "Checks the proof of a backtest: signature, hashes, and that the run gives the same result again. "
    + "Exit code 0: the proof is valid. 1: it is not. 2: it could not be checked.")
{
    proof, dataset, jwks, json,
};
command.SetAction((given, ct) => Verification.Run(
    new VerificationInputs(given.GetValue(proof)!, given.GetValue(dataset)!, given.GetValue(jwks)!, given.GetValue(json)), ct));

var parsed = command.Parse(args);
if (parsed.Errors.Count > 0)
{
    await Console.Error.WriteLineAsync(string.Join(' ', parsed.Errors.Select(e => e.Message)));
    return ExitCode.NotChecked;
}
return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });

static void RefuseEmpty(SymbolResult given)
{
    if (given.Tokens.Any(token => token.Value.Length == 0))
        given.AddError("The name of a file is empty.");
}
