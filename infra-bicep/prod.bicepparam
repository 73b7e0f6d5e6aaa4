using 'main.bicep'

param name = 'hexabase-prod'
param secretsAreSet = true
param zoneRedundant = true
param instanceMemoryMB = 4096
param maximumInstanceCount = 40
param alwaysReady = 2
param cosmosCapacity = 'Autoscale'
param cosmosMaxThroughput = 4000
param cosmosBackupTier = 'Continuous30Days'
param undeleteDays = 30
param telemetryDays = 90
param telemetryDailyGb = -1
param publicBaseUrl = 'https://hexabase.example.com'
param operators = ['operator@example.com']
param alertEmails = ['operator@example.com']
param monthlyBudget = 1000
param budgetStart = '2026-12-01'
