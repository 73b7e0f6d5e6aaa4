namespace Hexabase.Adapters.Kubernetes.Objects;

/// <summary>A cron job of whoever made it; only that it is there counts.</summary>
internal sealed record ListedCronJob(ObjectMeta Metadata) : IKubernetesObject
{
    public static ResourceType Type => CronJob.Type;
}

/// <summary>A function (a Service of Knative).</summary>
internal sealed record Function(ObjectMeta Metadata) : IKubernetesObject
{
    public static ResourceType Type { get; } = new("serving.knative.dev/v1", "Service", "services");
}

/// <summary>A build (Tekton).</summary>
internal sealed record PipelineRun(ObjectMeta Metadata, PipelineRunStatus? Status = null) : IKubernetesObject
{
    public static ResourceType Type { get; } = new("tekton.dev/v1", "PipelineRun", "pipelineruns");

    public bool IsRunning => Status is { StartTime: not null, CompletionTime: null };
}

internal sealed record PipelineRunStatus(DateTimeOffset? StartTime = null, DateTimeOffset? CompletionTime = null);
