using FluentValidation;

namespace Hexabase.Domain;

/// <summary>A query that is answered in pages.</summary>
public interface IPagedQuery
{
    /// <summary>Most entries of one page, 1 to 100.</summary>
    int Limit { get; }

    /// <summary>From the page before; null for the first.</summary>
    string? Continuation { get; }
}

/// <summary>One page of a list.</summary>
/// <param name="Continuation">Asks for the next page; null on the last.</param>
public sealed record Listed<T>(IReadOnlyList<T> Items, string? Continuation);

public sealed class PagedQueryValidator : AbstractValidator<IPagedQuery>
{
    public const int MostPerPage = 100;

    public PagedQueryValidator() =>
        RuleFor(ask => ask.Limit)
            .InclusiveBetween(1, MostPerPage)
            .OverridePropertyName("limit").WithMessage($"A page has 1 to {MostPerPage} entries.");
}
