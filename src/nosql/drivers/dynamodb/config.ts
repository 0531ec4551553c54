import { boolean, object, optional, secret, string } from '../../../core/setting/schema.ts'
import type { OutputOf } from '../../../core/setting/standard-schema.ts'
import type { DocumentDriverSettings } from '../../contract/driver.ts'

const schema = object({
  region: optional(string({ description: 'AWS region.' })),
  endpointUrl: optional(string({ description: 'Another endpoint, for local development.' })),
  streamsEndpointUrl: optional(string({ description: 'The same for streams; default: as AWS has it.' })),
  keyPrefix: optional(string({ description: 'Prefix of all table names.' })),
  table: optional(string({ description: 'One table for all collections; default: a table for each.' })),
  createTables: optional(boolean({ description: 'Creates missing tables, for development.' })),
  accessKeyId: optional(string({ description: 'Access key id; default: the endpoint of the container.' })),
  secretAccessKey: optional(secret(string({ description: 'Secret of the access key.' }))),
  sessionToken: optional(secret(string({ description: 'Session token of temporary credentials.' }))),
  containerCredentialsRelativeUri: optional(string({ description: 'Path of the credentials endpoint of ECS.' })),
  containerCredentialsFullUri: optional(string({ description: 'Credentials endpoint of EKS and of SnapStart.' })),
  containerAuthorizationToken: optional(secret(string({ description: 'Authorization token for that endpoint.' }))),
  containerAuthorizationTokenFile: optional(string({ description: 'File with this token, on Node.' })),
})

/** The section `nosql.dynamodb`. */
export type DynamoDbConfig = OutputOf<typeof schema>

export const settings: DocumentDriverSettings<DynamoDbConfig> = {
  schema,
  aliases: {
    region: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
    endpointUrl: ['DYNAMODB_ENDPOINT', 'AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL'],
    streamsEndpointUrl: ['AWS_ENDPOINT_URL_DYNAMODB_STREAMS'],
    accessKeyId: ['AWS_ACCESS_KEY_ID'],
    secretAccessKey: ['AWS_SECRET_ACCESS_KEY'],
    sessionToken: ['AWS_SESSION_TOKEN'],
    containerCredentialsRelativeUri: ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'],
    containerCredentialsFullUri: ['AWS_CONTAINER_CREDENTIALS_FULL_URI'],
    containerAuthorizationToken: ['AWS_CONTAINER_AUTHORIZATION_TOKEN'],
    containerAuthorizationTokenFile: ['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'],
  },
  shared: [
    ['region'],
    ['endpointUrl', 'streamsEndpointUrl'],
    [
      'accessKeyId',
      'secretAccessKey',
      'sessionToken',
      'containerCredentialsRelativeUri',
      'containerCredentialsFullUri',
      'containerAuthorizationToken',
      'containerAuthorizationTokenFile',
    ],
  ],
}
