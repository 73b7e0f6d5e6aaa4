namespace Hexabase.Domain.Runs;
