using 'main.bicep'

// Small, cheap, in one zone: for trying and testing.
param name = 'hexabase-dev'
param secretsAreSet = true
param zoneRedundant = false
param instanceMemoryMB = 2048
param maximumInstanceCount = 40
param alwaysReady = 0
param cosmosCapacity = 'Serverless'
param cosmosBackupTier = 'Continuous7Days'
param undeleteDays = 7
param telemetryDays = 30
param telemetryDailyGb = 1
param operators = ['operator@example.com']
param alertEmails = ['operator@example.com']
param monthlyBudget = 100
param budgetStart = '2026-12-01'
