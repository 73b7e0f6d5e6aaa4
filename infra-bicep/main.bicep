metadata description = 'Hexabase Functions on Azure: everything in one resource group. docs/deploy.md says how to use it.'

@description('What all names begin with: lower-case letters, digits and hyphens.')
@minLength(3)
@maxLength(16)
param name string

param location string = resourceGroup().location
param tags object = {}

@description('''
Whether the secrets are in the vault. The first deployment, with false, makes the vault and everything that needs none of them; the second
makes what reads them: the collector, the app, and the alerts on both.
''')
param secretsAreSet bool

@description('Spreads the app, storage and documents over the zones of the region. Cannot be changed later.')
param zoneRedundant bool

@description('Memory of an instance of the app in MB; processors come with it: 2048 has one.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@minValue(40)
@maxValue(1000)
param maximumInstanceCount int

@description('Instances that always run, for HTTP and for runs each.')
@minValue(0)
param alwaysReady int

@allowed(['Standard', 'Premium'])
param serviceBusSku string = 'Standard'

@allowed(['Serverless', 'Autoscale'])
param cosmosCapacity string

@description('Request units per second that all containers share at most, in thousands: 1000, 2000 and so on; of Autoscale only.')
@minValue(1000)
param cosmosMaxThroughput int = 1000

@allowed(['Continuous7Days', 'Continuous30Days'])
param cosmosBackupTier string

@description('The account of the documents. Another than the first one after documents were restored into it: docs/backup.md.')
param documentsAccountName string = '${name}-docs-${uniqueString(resourceGroup().id)}'

@description('How long deleted blobs and secrets can be had back.')
@minValue(7)
@maxValue(90)
param undeleteDays int

@description('How long logs and metrics are kept.')
@minValue(30)
@maxValue(730)
param telemetryDays int

@description('Gigabytes of telemetry a day after which no more is taken; -1 for no limit.')
param telemetryDailyGb int

@description('Where browsers reach the site, once it has a domain of its own. Without one, the address Azure gives the app.')
param publicBaseUrl string = ''

@description('Id of the Front Door profile before the site, if there is one: it tells who is limited by network.')
param frontDoorId string = ''

@description('Further origins people may be sent back to and that may call with cookies.')
param allowedRedirects array = []

@description('Verified e-mail addresses that may grant rights.')
param operators array

@description('OAuth client of sign-in with Google; none without one. Its secret is google-client-secret in the vault.')
param googleClientId string = ''

@description('OAuth client of sign-in with GitHub; none without one. Its secret is github-client-secret in the vault.')
param gitHubClientId string = ''

@description('Cluster__… settings of docs/kubernetes.md but the token, which is cluster-token in the vault. None: no workspaces.')
param cluster object = {}

@description('Other settings of docs/settings.md that are to differ from their defaults and are no secret, such as Runs__Slots__Paid.')
param otherSettings object = {}

@description('Who is told when something is wrong.')
param alertEmails array

@description('Places the site is looked at from.')
param webTestLocations array = ['apac-jp-kaw-edge', 'apac-hk-hkn-azr', 'apac-sg-sin-azr']

@description('A month, in the currency the subscription is billed in.')
@minValue(1)
param monthlyBudget int

@description('First day of the month of the first deployment, such as 2026-12-01; keep it afterwards.')
param budgetStart string

var suffix = uniqueString(resourceGroup().id)
var functionAppName = '${name}-${suffix}'
var keyVaultName = 'kv-${take(replace(name, '-', ''), 7)}-${suffix}'
var siteUrl = empty(publicBaseUrl) ? 'https://${functionAppName}.azurewebsites.net' : publicBaseUrl

// What Azure Functions takes at most: 210 MB. The largest plan's datasets of 256 MB cannot be uploaded as a whole here.
var largestRequestBytes = '220200960'

module appIdentity 'modules/identity.bicep' = {
  name: 'app-identity'
  params: {
    name: '${name}-app'
    location: location
    tags: tags
  }
}

module collectorIdentity 'modules/identity.bicep' = {
  name: 'collector-identity'
  params: {
    name: '${name}-collector'
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    workspaceName: '${name}-logs'
    applicationInsightsName: '${name}-insights'
    location: location
    tags: tags
    retentionDays: telemetryDays
    dailyQuotaGb: telemetryDailyGb
    publisherPrincipalIds: [appIdentity.outputs.principalId, collectorIdentity.outputs.principalId]
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: {
    name: 'st${take(replace(name, '-', ''), 9)}${suffix}'
    location: location
    tags: tags
    zoneRedundant: zoneRedundant
    undeleteDays: undeleteDays
    workspaceId: monitoring.outputs.workspaceId
    principalId: appIdentity.outputs.principalId
  }
}

module serviceBus 'modules/servicebus.bicep' = {
  name: 'servicebus'
  params: {
    name: '${name}-bus-${suffix}'
    location: location
    tags: tags
    sku: serviceBusSku
    workspaceId: monitoring.outputs.workspaceId
    principalId: appIdentity.outputs.principalId
  }
}

module cosmos 'modules/cosmos.bicep' = {
  name: 'cosmos'
  params: {
    name: documentsAccountName
    location: location
    tags: tags
    zoneRedundant: zoneRedundant
    capacity: cosmosCapacity
    maxThroughput: cosmosMaxThroughput
    backupTier: cosmosBackupTier
    workspaceId: monitoring.outputs.workspaceId
    principalId: appIdentity.outputs.principalId
  }
}

module keyVault 'modules/keyvault.bicep' = {
  name: 'keyvault'
  params: {
    name: keyVaultName
    location: location
    tags: tags
    undeleteDays: undeleteDays
    workspaceId: monitoring.outputs.workspaceId
    readerPrincipalIds: [appIdentity.outputs.principalId, collectorIdentity.outputs.principalId]
  }
}

module collector 'modules/collector.bicep' = if (secretsAreSet) {
  name: 'collector'
  params: {
    name: '${name}-otlp'
    location: location
    tags: tags
    replicas: zoneRedundant ? 2 : 1
    workspaceId: monitoring.outputs.workspaceId
    connectionString: monitoring.outputs.connectionString
    identityId: collectorIdentity.outputs.id
    identityClientId: collectorIdentity.outputs.clientId
    tokenSecretUri: '${keyVault.outputs.uri}secrets/otlp-token'
  }
}

// Where the host and the app find what they use, by the identity of the app.
var connections = {
  AzureWebJobsStorage__blobServiceUri: storage.outputs.blobEndpoint
  AzureWebJobsStorage__queueServiceUri: storage.outputs.queueEndpoint
  AzureWebJobsStorage__tableServiceUri: storage.outputs.tableEndpoint
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: appIdentity.outputs.clientId
  ServiceBus__fullyQualifiedNamespace: serviceBus.outputs.hostName
  ServiceBus__credential: 'managedidentity'
  ServiceBus__clientId: appIdentity.outputs.clientId
  Documents__Cosmos__Endpoint: cosmos.outputs.endpoint
  Documents__Cosmos__Database: cosmos.outputs.databaseName
  Documents__Cosmos__ClientId: appIdentity.outputs.clientId
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: largestRequestBytes
}

// The host reports to Application Insights itself, the app over OTLP. Its counters are sent as what was added since the last time:
// Application Insights adds up what it is given.
var telemetry = {
  APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.outputs.connectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${appIdentity.outputs.clientId}'
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.?outputs.endpoint ?? ''
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf'
  OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta'
}

var site = {
  Auth__PublicBaseUrl: siteUrl
  Seed: 'true'
}

// App setting and the secret of the vault it is read from.
var secrets = union(
  {
    Auth__SigningKeys: 'signing-keys'
    DurableTask__Code: 'durable-key'
    OTEL_EXPORTER_OTLP_HEADERS: 'otlp-headers'
    Payments__SecretKey: 'stripe-secret-key'
  },
  empty(googleClientId) ? {} : {
    Auth__Google__ClientSecret: 'google-client-secret'
  },
  empty(gitHubClientId) ? {} : {
    Auth__GitHub__ClientSecret: 'github-client-secret'
  },
  !contains(cluster, 'Cluster__Server') ? {} : {
    Cluster__Token: 'cluster-token'
  }
)

var frontDoor = empty(frontDoorId) ? {} : {
  FrontDoor__Id: frontDoorId
}

var clients = union(
  empty(googleClientId) ? {} : {
    Auth__Google__ClientId: googleClientId
  },
  empty(gitHubClientId) ? {} : {
    Auth__GitHub__ClientId: gitHubClientId
  }
)

module functionApp 'modules/functionapp.bicep' = if (secretsAreSet) {
  name: 'functionapp'
  params: {
    name: functionAppName
    location: location
    tags: tags
    zoneRedundant: zoneRedundant
    identityId: appIdentity.outputs.id
    workspaceId: monitoring.outputs.workspaceId
    deploymentContainerUri: storage.outputs.deploymentContainerUri
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReady: alwaysReady
    settings: union(
      otherSettings,
      cluster,
      clients,
      frontDoor,
      toObject(range(0, length(operators)), i => 'Operators__${i}', i => operators[i]),
      toObject(range(0, length(allowedRedirects)), i => 'Auth__AllowedRedirects__${i}', i => allowedRedirects[i]),
      site,
      telemetry,
      connections,
      mapValues(secrets, secret => '@Microsoft.KeyVault(VaultName=${keyVaultName};SecretName=${secret})')
    )
  }
}

module alerts 'modules/alerts.bicep' = if (secretsAreSet) {
  name: 'alerts'
  params: {
    name: name
    location: location
    tags: tags
    emails: alertEmails
    workspaceId: monitoring.outputs.workspaceId
    applicationInsightsId: monitoring.outputs.applicationInsightsId
    functionAppName: functionAppName
    publicBaseUrl: siteUrl
    serviceBusId: serviceBus.outputs.id
    cosmosId: cosmos.outputs.id
    webTestLocations: webTestLocations
    monthlyBudget: monthlyBudget
    budgetStart: budgetStart
  }
}

output functionAppName string = functionAppName
output siteUrl string = siteUrl
output keyVaultName string = keyVaultName
