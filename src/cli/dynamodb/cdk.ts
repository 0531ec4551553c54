import { actions, keys, streamActions, watchedTableActions, type Infrastructure, type Table } from './tables.ts'

/** A construct for CDK, in TypeScript. */
export function toCdk({ tables, listsTables }: Infrastructure): string {
  return `import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, BillingMode, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Effect, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'

export class DocumentTables extends Construct {
${tables.map(({ id }) => `  readonly ${propertyOf(id)}: Table`).join('\n')}

  constructor(scope: Construct, id: string) {
    super(scope, id)
${tables.map(table).join('\n')}
  }

  /** Lets a function work on the documents, and do nothing else. */
  grantDocuments(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        sid: 'Documents',
        effect: Effect.ALLOW,
        actions: [
${actions.map((action) => `          ${text(action)},`).join('\n')}
        ],
        resources: [${tables.map(({ id }) => `this.${propertyOf(id)}.tableArn`).join(', ')}],
      }),
    )
${listsTables ? listing : ''}${streaming(tables)}  }
}
`
}

function streaming(tables: readonly Table[]): string {
  const properties = tables.filter(({ isWatched }) => isWatched).map(({ id }) => propertyOf(id))
  if (properties.length === 0) return ''
  const allow = (
    sid: string,
    allowed: readonly string[],
    arn: string,
  ): string => `    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        sid: '${sid}',
        effect: Effect.ALLOW,
        actions: [${allowed.map(text).join(', ')}],
        resources: [${properties.map((property) => `this.${property}.${arn}`).join(', ')}],
      }),
    )
`
  return allow('Streams', streamActions, 'tableStreamArn!') + allow('Watch', watchedTableActions, 'tableArn')
}

/** No table can be named for it. */
const listing = `    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        sid: 'HealthCheck',
        effect: Effect.ALLOW,
        actions: ['dynamodb:ListTables'],
        resources: ['*'],
      }),
    )
`

function table({ id, name, timeToLive, stream }: Table): string {
  return `    this.${propertyOf(id)} = new Table(this, ${text(id)}, {
      tableName: ${text(name)},
      partitionKey: { name: ${text(keys.partition)}, type: AttributeType.STRING },
      sortKey: { name: ${text(keys.sort)}, type: AttributeType.BINARY },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.RETAIN,${timeToLive === undefined ? '' : `\n      timeToLiveAttribute: ${text(timeToLive)},`}${
        stream ? '\n      stream: StreamViewType.NEW_AND_OLD_IMAGES,' : ''
      }
    })`
}

/** `UsersTable` as `usersTable`; a name cannot begin with a digit. */
function propertyOf(id: string): string {
  const name = `${id[0]?.toLowerCase()}${id.slice(1)}`
  return /^[a-z]/.test(name) ? name : `table${id}`
}

function text(value: string): string {
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
