/**
 * DynamoDB over a client of the AWS SDK for JavaScript, version 3.
 *
 * @module
 */

export { awsSdk, type AwsSdkClient } from './aws-sdk.ts'
