using Hexabase.Domain.Datasets;

namespace Hexabase.Functions.Datasets;

/// <summary>What the dataset functions need, besides stores, plans and the clock.</summary>
public static class DatasetsServices
{
    public static IServiceCollection AddDatasets(this IServiceCollection services)
    {
        services.AddSingleton<DatasetWriter>();
        services.AddSingleton<UploadDatasetHandler>();
        services.AddSingleton<ListDatasetsHandler>();
        services.AddSingleton<GetDatasetHandler>();
        return services;
    }
}
