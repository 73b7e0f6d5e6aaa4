param name string
param location string
param tags object
@description('Who is told; nobody when it is empty.')
param emails array
param workspaceId string
param applicationInsightsId string
param functionAppName string
@description('Where visitors reach the site; it is looked at from outside.')
param publicBaseUrl string
param serviceBusId string
param cosmosId string
@description('Places the site is looked at from.')
param webTestLocations array
@minValue(1)
param monthlyBudget int
param budgetStart string

var objectives = {
  enqueue: '0.95'
  run_start: '0.95'
  small_run: '0.95'
  availability: '0.999'
}

// An objective burns its budget at rate 1 when it is just missed. A rule fires while both windows burn faster than its rate: the
// long one says that it matters, the short one that it still goes on. Telemetry can be searched some minutes after it was measured, so
// the short one is never so short that it is still empty. A rule of this kind looks back two days at most.
var burnRules = [
  {
    name: 'burns-fast'
    severity: 1
    rate: '14.4'
    window: 'PT1H'
    recent: '15m'
    every: 'PT5M'
  }
  {
    name: 'burns'
    severity: 2
    rate: '6'
    window: 'PT6H'
    recent: '1h'
    every: 'PT15M'
  }
  {
    name: 'burns-slowly'
    severity: 3
    rate: '3'
    window: 'P1D'
    recent: '2h'
    every: 'PT1H'
  }
]

// Below this many events in the long window a single bad one would be an alert.
var fewestEvents = 20

var targets = join(map(items(objectives), objective => '\'${objective.key}\', ${objective.value}'), ', ')

var burnQuery = '''
let targets = datatable(Objective: string, Target: real) [{0}];
AppMetrics
| where Name == 'hexabase.slo.events'
| extend Objective = tostring(Properties.objective), IsBad = tostring(Properties.outcome) == 'bad', IsRecent = TimeGenerated > ago({1})
| summarize Events = sum(Sum), Bad = sumif(Sum, IsBad), RecentEvents = sumif(Sum, IsRecent), RecentBad = sumif(Sum, IsBad and IsRecent) by Objective
| where Events >= {2} and RecentEvents > 0
| lookup kind=inner targets on Objective
| project Objective, BurnRate = min_of(Bad / Events, RecentBad / RecentEvents) / (1 - Target)
'''

var queryRules = [
  {
    name: 'invocations-fail'
    severity: 2
    description: 'Timers, activities or deliveries of runs fail. Each is tried again; what keeps failing needs a look.'
    query: format('''
AppRequests
| where AppRoleName =~ '{0}' and Success == false and ResultCode == '0'
| summarize Value = sum(ItemCount) by OperationName
''', functionAppName)
    dimension: 'OperationName'
    threshold: 5
    window: 'PT15M'
    every: 'PT5M'
  }
  {
    name: 'telemetry-missing'
    severity: 2
    description: 'The app runs every minute, but nothing of it arrives: the collector or the app is down, and no other rule would notice.'
    query: '''
AppMetrics
| where AppRoleName == 'hexabase-functions'
| summarize Reports = count()
| project Value = toint(Reports == 0)
'''
    dimension: ''
    threshold: 0
    window: 'PT30M'
    every: 'PT15M'
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    groupShortName: take(name, 12)
    enabled: true
    emailReceivers: map(emails, email => {
      name: email
      emailAddress: email
      useCommonAlertSchema: true
    })
  }
}

resource burn 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in burnRules: {
  name: '${name}-objective-${rule.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'An objective ${replace(rule.name, '-', ' ')}: ${rule.rate} times its error budget over ${rule.window}'
    description: 'See docs/operations.md for what to do about each objective.'
    enabled: true
    severity: rule.severity
    scopes: [workspaceId]
    evaluationFrequency: rule.every
    windowSize: rule.window
    criteria: {
      allOf: [
        {
          query: format(burnQuery, targets, rule.recent, fewestEvents)
          metricMeasureColumn: 'BurnRate'
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: json(rule.rate)
          dimensions: [
            {
              name: 'Objective'
              operator: 'Include'
              values: ['*']
            }
          ]
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    autoMitigate: true
    actions: {
      actionGroups: [people.id]
    }
  }
}]

resource queries 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in queryRules: {
  name: '${name}-${rule.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: replace(rule.name, '-', ' ')
    description: rule.description
    enabled: true
    severity: rule.severity
    scopes: [workspaceId]
    evaluationFrequency: rule.every
    windowSize: rule.window
    criteria: {
      allOf: [
        {
          query: rule.query
          metricMeasureColumn: 'Value'
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: rule.threshold
          dimensions: empty(rule.dimension) ? [] : [
            {
              name: rule.dimension
              operator: 'Include'
              values: ['*']
            }
          ]
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    autoMitigate: true
    actions: {
      actionGroups: [people.id]
    }
  }
}]

var metricRules = [
  {
    name: 'dead-letters'
    severity: 2
    description: 'A message was given up by the queue: its runs crashed the app ten times.'
    scope: serviceBusId
    metric: 'DeadletteredMessages'
    aggregation: 'Maximum'
    threshold: 0
    window: 'PT5M'
    dimension: 'EntityName'
    value: 'runs'
  }
  {
    // The queue does not tell the age of its oldest message; a queue that was never short for half an hour has one as old as that.
    name: 'backlog'
    severity: 2
    description: 'The queue has held more than 200 messages at every moment of half an hour: runs are accepted faster than they are executed.'
    scope: serviceBusId
    metric: 'ActiveMessages'
    aggregation: 'Minimum'
    threshold: 200
    window: 'PT30M'
    dimension: 'EntityName'
    value: 'runs'
  }
  {
    name: 'documents-throttled'
    severity: 2
    description: 'Cosmos DB refuses requests for lack of throughput (429). The app tries again; beyond that, raise cosmosMaxThroughput.'
    scope: cosmosId
    metric: 'TotalRequests'
    aggregation: 'Count'
    threshold: 100
    window: 'PT5M'
    dimension: 'StatusCode'
    value: '429'
  }
]

resource metrics 'Microsoft.Insights/metricAlerts@2018-03-01' = [for rule in metricRules: {
  name: '${name}-${rule.name}'
  location: 'global'
  tags: tags
  properties: {
    description: rule.description
    enabled: true
    severity: rule.severity
    scopes: [rule.scope]
    evaluationFrequency: 'PT5M'
    windowSize: rule.window
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: rule.name
          criterionType: 'StaticThresholdCriterion'
          metricName: rule.metric
          timeAggregation: rule.aggregation
          operator: 'GreaterThan'
          threshold: rule.threshold
          dimensions: [
            {
              name: rule.dimension
              operator: 'Include'
              values: [rule.value]
            }
          ]
        }
      ]
    }
    autoMitigate: true
    actions: [
      {
        actionGroupId: people.id
      }
    ]
  }
}]

// An app that does not answer at all counts nothing, so the site is looked at from outside too.
resource readiness 'Microsoft.Insights/webtests@2022-06-15' = {
  name: '${name}-ready'
  location: location
  tags: union(tags, {
    'hidden-link:${applicationInsightsId}': 'Resource'
  })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: '${name}-ready'
    Name: '${name}-ready'
    Enabled: true
    Kind: 'standard'
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    Locations: map(webTestLocations, place => {
      Id: place
    })
    Request: {
      RequestUrl: '${publicBaseUrl}/health/ready'
      HttpVerb: 'GET'
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 7
    }
  }
}

resource notReady 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-not-ready'
  location: 'global'
  tags: tags
  properties: {
    description: 'The site does not answer, or its documents or blobs do not: at least two places see it.'
    enabled: true
    severity: 0
    scopes: [readiness.id, applicationInsightsId]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: readiness.id
      componentId: applicationInsightsId
      failedLocationCount: 2
    }
    autoMitigate: true
    actions: [
      {
        actionGroupId: people.id
      }
    ]
  }
}

resource budget 'Microsoft.Consumption/budgets@2023-11-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: monthlyBudget
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: budgetStart
    }
    notifications: {
      mostIsSpent: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: []
        contactGroups: [people.id]
      }
      willBeOverspent: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: []
        contactGroups: [people.id]
      }
    }
  }
}
