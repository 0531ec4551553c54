/**
 * Driver for Amazon DynamoDB over `fetch`.
 *
 * @module
 */

export type { DynamoDbConfig } from './config.ts'
export type { AwsCredentials, CredentialsProvider } from './credentials/credentials.ts'
export { documentChanges, type DocumentChange, type StreamRecord } from './document-changes.ts'
export { dynamodb, type DynamoDbOptions } from './dynamodb-driver.ts'
export type { DynamoTransport } from './transport/transport.ts'
