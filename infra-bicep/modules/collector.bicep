@description('Name of the container app; its environment has the same with -env.')
param name string
param location string
param tags object
@minValue(1)
param replicas int
param workspaceId string
param connectionString string
param identityId string
param identityClientId string
@description('Address of the secret that holds the token senders show.')
param tokenSecretUri string

// From this release on the exporter is called azure_monitor and takes an authenticator.
var image = 'docker.io/otel/opentelemetry-collector-contrib:0.159.0'

resource environment 'Microsoft.App/managedEnvironments@2025-01-01' = {
  name: '${name}-env'
  location: location
  tags: tags
  properties: {
    // By diagnostic settings, which need no key of the workspace.
    appLogsConfiguration: {
      destination: 'azure-monitor'
    }
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
  }
}

resource environmentLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: environment
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}

resource collector 'Microsoft.App/containerApps@2025-01-01' = {
  name: name
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: 4318
        transport: 'http'
        allowInsecure: false
      }
      secrets: [
        {
          name: 'otlp-token'
          keyVaultUrl: tokenSecretUri
          identity: identityId
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'collector'
          image: image
          args: ['--config=env:COLLECTOR_CONFIG']
          env: [
            {
              name: 'COLLECTOR_CONFIG'
              value: loadTextContent('../collector.yaml')
            }
            {
              name: 'OTLP_TOKEN'
              secretRef: 'otlp-token'
            }
            {
              name: 'AZURE_CLIENT_ID'
              value: identityClientId
            }
            {
              name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
              value: connectionString
            }
          ]
          resources: {
            cpu: json('0.25')
            memory: '0.5Gi'
          }
          probes: [
            {
              type: 'Liveness'
              httpGet: {
                path: '/'
                port: 13133
              }
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/'
                port: 13133
              }
            }
          ]
        }
      ]
      scale: {
        minReplicas: replicas
        maxReplicas: replicas + 2
      }
    }
  }
}

output endpoint string = 'https://${collector.properties.configuration.ingress.fqdn}'
