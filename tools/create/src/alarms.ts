interface Alarm {
  readonly id: string
  readonly description: string
  readonly namespace: string
  readonly metric: string
  readonly dimension: readonly [name: string, resource: string]
  readonly statistic: 'Sum' | 'Average'
  readonly periods: number
  readonly threshold: number
}

const lines = (alarm: Alarm): readonly string[] => [
  `    ${alarm.id}:`,
  '      Type: AWS::CloudWatch::Alarm',
  '      Properties:',
  `        AlarmDescription: ${alarm.description}`,
  `        Namespace: ${alarm.namespace}`,
  `        MetricName: ${alarm.metric}`,
  '        Dimensions:',
  `          - Name: ${alarm.dimension[0]}`,
  `            Value: { Ref: ${alarm.dimension[1]} }`,
  `        Statistic: ${alarm.statistic}`,
  '        Period: 300',
  `        EvaluationPeriods: ${alarm.periods}`,
  `        Threshold: ${alarm.threshold}`,
  '        ComparisonOperator: GreaterThanThreshold',
  '        TreatMissingData: notBreaching',
  '        AlarmActions: [{ Ref: Alarms }]',
]

/** What reports that the function fails, as resources of `serverless.yml`. */
export const alarms: readonly string[] = [
  '    # Subscribe to it: aws sns subscribe --topic-arn … --protocol email --notification-endpoint you@example.com',
  '    Alarms:',
  '      Type: AWS::SNS::Topic',
  ...lines({
    id: 'InvocationsFail',
    description: 'Invocations have failed',
    namespace: 'AWS/Lambda',
    metric: 'Errors',
    dimension: ['FunctionName', 'NotesLambdaFunction'],
    statistic: 'Sum',
    periods: 1,
    threshold: 0,
  }),
  ...lines({
    id: 'RequestsFail',
    description: 'More than one request in a hundred was answered with a 5xx',
    namespace: 'AWS/ApiGateway',
    metric: '5xx',
    dimension: ['ApiId', 'HttpApi'],
    statistic: 'Average',
    periods: 2,
    threshold: 0.01,
  }),
]
