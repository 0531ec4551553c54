/**
 * Driver for Amazon DynamoDB over `fetch`.
 *
 * @module
 */

export type { DynamoDbConfig } from './config.ts'
export { dynamodb, type DynamoDbOptions } from './dynamodb-driver.ts'
export type { AwsCredentials, CredentialsProvider, DynamoTransport } from './transport.ts'
