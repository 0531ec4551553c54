import type { LambdaContext } from 'lexigram-edge/lambda'

/** Records and events as AWS documents them, with what a test wants to differ. */

export const contextWith = (remaining: number, awsRequestId: string = crypto.randomUUID()): LambdaContext => {
  const end = Date.now() + remaining
  return { awsRequestId, getRemainingTimeInMillis: () => end - Date.now() }
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export function sqsRecord(id: string, body: string, group?: string) {
  const queue = group === undefined ? 'jobs' : 'jobs.fifo'
  return {
    messageId: id,
    receiptHandle: `handle-${id}`,
    body,
    attributes: {
      ApproximateReceiveCount: '2',
      SentTimestamp: '1545082649183',
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: '1545082649185',
      ...(group !== undefined && { MessageGroupId: group, SequenceNumber: '1', MessageDeduplicationId: id }),
    },
    messageAttributes: {},
    md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-2:123456789012:${queue}`,
    awsRegion: 'us-east-2',
  }
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
export function kinesisRecord(sequenceNumber: string, data: string, shard = 'shardId-000000000006') {
  return {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: 'key',
      sequenceNumber,
      data: Buffer.from(data).toString('base64'),
      approximateArrivalTimestamp: 1545084650.987,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shard}:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::123456789012:role/lambda-role',
    awsRegion: 'us-east-2',
    eventSourceARN: 'arn:aws:kinesis:us-east-2:123456789012:stream/lambda-stream',
  }
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
export function dynamodbRecord(sequenceNumber: string) {
  return {
    eventID: `event-${sequenceNumber}`,
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: {
      Keys: { Id: { N: '101' } },
      NewImage: { Id: { N: '101' }, Message: { S: 'New item!' } },
      SequenceNumber: sequenceNumber,
      SizeBytes: 26,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: 'arn:aws:dynamodb:us-east-1:123456789012:table/ExampleTable/stream/2015-06-27T00:48:05.899',
  }
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html */
export function kafkaEvent(bodies: Readonly<Record<string, readonly string[]>>) {
  const records = Object.entries(bodies).map(([partition, values]) => [
    `orders-${partition}`,
    values.map((value, index) => ({
      topic: 'orders',
      partition: Number(partition),
      offset: 15 + index,
      timestamp: 1545084650987,
      timestampType: 'CREATE_TIME',
      key: Buffer.from('key').toString('base64'),
      value: Buffer.from(value).toString('base64'),
      headers: [],
    })),
  ])
  return {
    eventSource: 'aws:kafka',
    eventSourceArn:
      'arn:aws:kafka:us-east-1:123456789012:cluster/vpc-2priv-2pub/751d2973-a626-431c-9d4e-d7975eb44dd7-2',
    bootstrapServers: 'b-2.demo-cluster-1.a1bcde.c1.kafka.us-east-1.amazonaws.com:9092',
    records: Object.fromEntries(records) as Record<string, unknown>,
  }
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export function snsRecord(id: string, message: string) {
  return {
    EventVersion: '1.0',
    EventSubscriptionArn: 'arn:aws:sns:us-east-1:123456789012:sns-lambda:21be56ed-a058-49f5-8c98-aedd2564c486',
    EventSource: 'aws:sns',
    Sns: {
      SignatureVersion: '1',
      Timestamp: '2019-01-02T12:45:07.000Z',
      MessageId: id,
      Message: message,
      MessageAttributes: {},
      Type: 'Notification',
      TopicArn: 'arn:aws:sns:us-east-1:123456789012:sns-lambda',
      Subject: 'TestInvoke',
    },
  }
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/with-s3.html */
export function s3Record(key: string) {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'us-east-2',
    eventTime: '2019-09-03T19:37:27.192Z',
    eventName: 'ObjectCreated:Put',
    responseElements: {
      'x-amz-request-id': 'D82B88E5F771F645',
      'x-amz-id-2': 'vlR7PnpV2Ce81l0PRw6jlUpck7Jo5ZsQjryTjKlc',
    },
    s3: { s3SchemaVersion: '1.0', bucket: { name: 'bucket' }, object: { key, size: 1305107 } },
  }
}

/** @see https://docs.aws.amazon.com/ses/latest/dg/receiving-email-action-lambda-event.html */
export const sesEvent = {
  Records: [
    {
      eventSource: 'aws:ses',
      eventVersion: '1.0',
      ses: { mail: { messageId: 'mail-1', source: 'jane@example.com' }, receipt: { spamVerdict: { status: 'FAIL' } } },
    },
  ],
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html */
export const scheduledEvent = {
  version: '0',
  id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: '123456789012',
  time: '2015-10-08T16:53:06Z',
  region: 'us-east-1',
  resources: ['arn:aws:events:us-east-1:123456789012:rule/my-scheduled-rule'],
  detail: {},
}

export const busEvent = { ...scheduledEvent, 'detail-type': 'OrderPlaced', source: 'shop', detail: { order: 1 } }

/** @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html */
export const cognitoEvent = {
  version: '1',
  triggerSource: 'PreSignUp_SignUp',
  region: 'us-east-1',
  userPoolId: 'us-east-1_AAAAAAAAA',
  userName: 'jane',
  callerContext: { awsSdkVersion: '1', clientId: 'client' },
  request: { userAttributes: { email: 'jane@example.com' } },
  response: { autoConfirmUser: false },
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html */
export const webSocketEvent = {
  requestContext: { routeKey: '$default', eventType: 'MESSAGE', connectionId: 'L0SM9cOFvHcCIhw=', stage: 'prod' },
  body: 'hello',
  isBase64Encoded: false,
}
