import { actions, keys, streamActions, watchedTableActions, type Infrastructure, type Table } from './tables.ts'
import { toYaml, type Yaml } from './yaml.ts'

/** Tables, and the policy for a function that uses them, as CloudFormation templates. */
export function toCloudFormation(infrastructure: Infrastructure): string {
  return `${toYaml({ AWSTemplateFormatVersion: '2010-09-09', ...parts(infrastructure) })}\n`
}

/** The same for AWS SAM, to be part of the template that has the functions. */
export function toSam(infrastructure: Infrastructure): string {
  const head = { AWSTemplateFormatVersion: '2010-09-09', Transform: 'AWS::Serverless-2016-10-31' }
  return `${toYaml({ ...head, ...parts(infrastructure) })}\n`
}

function parts({ tables, listsTables }: Infrastructure): { readonly [key: string]: Yaml } {
  return {
    Resources: {
      ...Object.fromEntries(tables.map((table) => [table.id, resource(table)])),
      DocumentsPolicy: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          Description: 'What the application does with its documents.',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [statement(tables), ...(listsTables ? [listing] : []), ...streaming(tables)],
          },
        },
      },
    },
    Outputs: {
      DocumentsPolicyArn: {
        Description: 'Attach it to the role of the application.',
        Value: { Ref: 'DocumentsPolicy' },
      },
      ...Object.fromEntries(
        tables.flatMap(({ id, stream }) =>
          stream ? [[`${id}StreamArn`, { Value: { 'Fn::GetAtt': [id, 'StreamArn'] } }]] : [],
        ),
      ),
    },
  }
}

function resource({ name, timeToLive, stream }: Table): Yaml {
  return {
    Type: 'AWS::DynamoDB::Table',
    // A stack that is deleted by mistake leaves the documents.
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: keys.partition, AttributeType: 'S' },
        { AttributeName: keys.sort, AttributeType: 'B' },
      ],
      KeySchema: [
        { AttributeName: keys.partition, KeyType: 'HASH' },
        { AttributeName: keys.sort, KeyType: 'RANGE' },
      ],
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      ...(timeToLive !== undefined && { TimeToLiveSpecification: { AttributeName: timeToLive, Enabled: true } }),
      ...(stream && { StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' } }),
    },
  }
}

function statement(tables: readonly Table[]): Yaml {
  return {
    Sid: 'Documents',
    Effect: 'Allow',
    Action: [...actions],
    Resource: tables.map(({ id }) => ({ 'Fn::GetAtt': [id, 'Arn'] })),
  }
}

function streaming(tables: readonly Table[]): readonly Yaml[] {
  const ids = tables.filter(({ isWatched }) => isWatched).map(({ id }) => id)
  if (ids.length === 0) return []
  const allow = (Sid: string, Action: readonly string[], attribute: string): Yaml => ({
    Sid,
    Effect: 'Allow',
    Action: [...Action],
    Resource: ids.map((id) => ({ 'Fn::GetAtt': [id, attribute] })),
  })
  return [allow('Streams', streamActions, 'StreamArn'), allow('Watch', watchedTableActions, 'Arn')]
}

/** No table can be named for it. */
const listing: Yaml = { Sid: 'HealthCheck', Effect: 'Allow', Action: ['dynamodb:ListTables'], Resource: '*' }
