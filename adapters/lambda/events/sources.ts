import type { EventSource } from './event-source.ts'
import { cognito } from './sources/cognito.ts'
import { dynamodb } from './sources/dynamodb.ts'
import { eventBridge } from './sources/event-bridge.ts'
import { kafka } from './sources/kafka.ts'
import { kinesis } from './sources/kinesis.ts'
import { s3 } from './sources/s3.ts'
import { schedule } from './sources/schedule.ts'
import { ses } from './sources/ses.ts'
import { sns } from './sources/sns.ts'
import { sqs } from './sources/sqs.ts'
import { webSocket } from './sources/web-socket.ts'

/** Every kind of event that its members identify. Where two match, the first that has a handler gets the event. */
export const sources: readonly EventSource[] = [
  sqs,
  kinesis,
  dynamodb,
  kafka,
  sns,
  s3,
  ses,
  schedule,
  eventBridge,
  cognito,
  webSocket,
]
