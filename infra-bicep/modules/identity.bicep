@description('Name of the identity.')
param name string
param location string
param tags object

// One identity for the app, known before the app exists: its roles are there when the host first reads a queue or a secret.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

output id string = identity.id
output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
