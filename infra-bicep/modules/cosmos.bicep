param name string
param location string
param tags object
param zoneRedundant bool
@description('Serverless is paid by the request, Autoscale by the highest throughput of each hour.')
@allowed(['Serverless', 'Autoscale'])
param capacity string
@description('Request units per second that all containers share, at most, in thousands; of Autoscale only.')
@minValue(1000)
param maxThroughput int
@description('How far back the account can be restored to any second.')
@allowed(['Continuous7Days', 'Continuous30Days'])
param backupTier string
param workspaceId string
param principalId string

var databaseName = 'hexabase'
var containers = loadJsonContent('../containers.json')
var serverless = capacity == 'Serverless'
var dataContributor = '00000000-0000-0000-0000-000000000002'

// Strong and one region: the store promises that a read sees every commit acknowledged before, whichever instance made it.
resource account 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' = {
  name: name
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    locations: [
      {
        locationName: location
        failoverPriority: 0
        isZoneRedundant: zoneRedundant
      }
    ]
    consistencyPolicy: {
      defaultConsistencyLevel: 'Strong'
    }
    capabilities: serverless ? [
      {
        name: 'EnableServerless'
      }
    ] : []
    backupPolicy: {
      type: 'Continuous'
      continuousModeProperties: {
        tier: backupTier
      }
    }
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    minimalTlsVersion: 'Tls12'
  }
}

resource database 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2025-04-15' = {
  parent: account
  name: databaseName
  properties: {
    resource: {
      id: databaseName
    }
    options: serverless ? {} : {
      autoscaleSettings: {
        maxThroughput: maxThroughput
      }
    }
  }
}

resource collections 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2025-04-15' = [for container in containers: {
  parent: database
  name: container.name
  properties: {
    resource: {
      id: container.name
      partitionKey: {
        kind: 'Hash'
        version: 2
        paths: [container.partitionKey]
      }
      defaultTtl: container.defaultTtl
      indexingPolicy: {
        automatic: true
        indexingMode: 'consistent'
        includedPaths: map(container.includedPaths, path => {
          path: path
        })
        excludedPaths: map(container.excludedPaths, path => {
          path: path
        })
      }
    }
  }
}]

// A role of Cosmos DB itself: it reaches the documents of this database, not the account.
resource assignment 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2025-04-15' = {
  parent: account
  name: guid(database.id, principalId, dataContributor)
  properties: {
    principalId: principalId
    roleDefinitionId: '${account.id}/sqlRoleDefinitions/${dataContributor}'
    scope: '${account.id}/dbs/${database.name}'
  }
}

// Not DataPlaneRequests: a line for every request costs more than the requests.
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: account
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        category: 'ControlPlaneRequests'
        enabled: true
      }
      {
        category: 'PartitionKeyRUConsumption'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'Requests'
        enabled: true
      }
    ]
  }
}

output id string = account.id
output endpoint string = account.properties.documentEndpoint
output databaseName string = database.name
