/**
 * DynamoDB over a client of the AWS SDK for JavaScript, version 3.
 *
 * @module
 */

export { awsSdk, type AwsSdkClient, type AwsSdkOptions, type AwsSdkStreams } from './aws-sdk.ts'
