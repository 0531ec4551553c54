import { deployedVariables } from './environment.ts'
import { alarms } from './alarms.ts'
import { hasDocuments, serviceOf, type Choices } from './choices.ts'

/** One function behind an HTTP API. Secrets come from the shell, or from SSM when it is deployed. */
export function serverlessOf(choices: Choices): string {
  const variables = deployedVariables(choices).map(({ name, value }) => {
    const parameter = name.toLowerCase().replaceAll('_', '-')
    const text = value.includes('…') ? `\${env:${name}, ssm:/\${self:service}/\${sls:stage}/${parameter}}` : value
    return `    ${name}: ${text}`
  })
  return [
    '# Package with `npm run build` and `npx osls package`, deploy with `npx osls deploy`.',
    `service: ${serviceOf(choices)}`,
    "frameworkVersion: '*'",
    'provider:',
    '  name: aws',
    '  runtime: nodejs24.x',
    '  architecture: arm64',
    '  memorySize: 256',
    '  timeout: 29',
    '  logRetentionInDays: 14',
    '  environment:',
    '    NODE_OPTIONS: --enable-source-maps',
    ...variables,
    ...(hasDocuments(choices.data) ? tablePermissions : []),
    'functions:',
    '  notes:',
    '    handler: dist/index.handler',
    '    events:',
    "      - httpApi: '*'",
    'package:',
    '  patterns:',
    "    - '!**'",
    '    - dist/index.cjs',
    '    - dist/index.cjs.map',
    'resources:',
    '  Resources:',
    ...(hasDocuments(choices.data) ? table : []),
    ...alarms,
    '',
  ].join('\n')
}

/** What `lexigram-edge dynamodb tables --table=notes` prints: the statement, and the table. A test compares them. */
const actions = [
  'BatchGetItem',
  'BatchWriteItem',
  'ConditionCheckItem',
  'DeleteItem',
  'GetItem',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
]
const tablePermissions = [
  '  iam:',
  '    role:',
  '      statements:',
  '        - Sid: Documents',
  '          Effect: Allow',
  '          Action:',
  ...actions.map((action) => `            - dynamodb:${action}`),
  '          Resource:',
  '            - Fn::GetAtt: [NotesTable, Arn]',
]
const table = [
  '    NotesTable:',
  '      Type: AWS::DynamoDB::Table',
  '      DeletionPolicy: Retain',
  '      UpdateReplacePolicy: Retain',
  '      Properties:',
  '        TableName: notes',
  '        BillingMode: PAY_PER_REQUEST',
  '        AttributeDefinitions:',
  '          - { AttributeName: pk, AttributeType: S }',
  '          - { AttributeName: sk, AttributeType: B }',
  '        KeySchema:',
  '          - { AttributeName: pk, KeyType: HASH }',
  '          - { AttributeName: sk, KeyType: RANGE }',
  '        PointInTimeRecoverySpecification:',
  '          PointInTimeRecoveryEnabled: true',
]
