import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { callInProcess } from './call-in-process.ts'
import { dynalite } from './mended-dynalite.ts'
import { refusalOf, type SignatureRules } from './signature.ts'
import { itemsInAnyOrder, keysInAnyOrder } from './key-order.ts'
import { refusedExpression } from './expression-limits.ts'
import { withItemOfFailure } from './failed-conditions.ts'
import { isOfStreams } from './stream-requests.ts'
import { createStreams, type StreamControl } from './streams.ts'
import { createTimeToLive } from './time-to-live.ts'
import { createTransactions, failure, invalid, type Answer, type Body } from './transactions.ts'

/** What happens to a request instead of its work. */
export type Fault = 'throttle' | 'unprocessed' | 'reset' | 'lose the answer'

export interface DynamoServerOptions {
  /** Decides, for each request, whether something goes wrong: an answer is sent in place of the work. @default nothing does */
  readonly fault?: (operation: string) => Fault | Answer | undefined
  /** Checks signatures, and dates its answers by the clock of these rules. @default any signature is taken */
  readonly signatures?: SignatureRules | undefined
}

/** DynamoDB's JSON protocol over dynalite, with transactions. */
export interface DynamoServer extends AsyncDisposable {
  /** `http://127.0.0.1:8000` */
  readonly endpoint: string
  /** Requests by operation since the start. */
  readonly requests: ReadonlyMap<string, number>
  /** Deletes what is past its time to live in a table, as DynamoDB does some time or other. Returns the number of items. */
  sweep(table: string, now: number): Promise<number>
  readonly streams: StreamControl
  close(): Promise<void>
}

/** Starts it on a free port of 127.0.0.1. */
export async function serveDynamo({
  fault = () => undefined,
  signatures,
}: DynamoServerOptions = {}): Promise<DynamoServer> {
  const inner = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 })
  const requests = new Map<string, number>()
  let turn: Promise<unknown> = Promise.resolve()

  const send = async (operation: string, body: Body): Promise<Answer> => {
    const { status, text } = await callInProcess(inner, { headers: headersOf(operation), body: JSON.stringify(body) })
    return { status, body: JSON.parse(text) as Body }
  }
  const keysOf = async (table: string): Promise<readonly string[]> => {
    const { body } = await send('DescribeTable', { TableName: table })
    const { KeySchema = [] } = (body['Table'] ?? {}) as { KeySchema?: readonly { AttributeName: string }[] }
    return KeySchema.map(({ AttributeName }) => AttributeName)
  }
  const transactions = createTransactions(send, keysOf)
  const streams = createStreams(send, keysOf)
  const timeToLive = createTimeToLive((operation, body) => {
    const work = () => send(operation, body)
    return operation === 'DeleteItem' ? streams.sweeping(body, work) : work()
  })
  const carryOut = async (operation: string, body: Body): Promise<Answer> => {
    const refused = refusedExpression(body)
    if (refused !== undefined) return invalid(refused)
    const answer = await streams.answer(operation, body)
    if (answer !== undefined) {
      if (operation === 'DeleteTable') timeToLive.forget(String(body['TableName']))
      return answer
    }
    return streams.recorded([operation, body], () => carryOutHere(operation, body))
  }
  const carryOutHere = async (operation: string, body: Body): Promise<Answer> => {
    if (operation === 'UpdateTimeToLive') return timeToLive.update(body)
    if (operation === 'DescribeTimeToLive') return timeToLive.describe(body)
    if (operation === 'TransactWriteItems') return transactions.write(body)
    if (operation === 'TransactGetItems') return transactions.get(body)
    if (operation === 'BatchGetItem') return itemsInAnyOrder(await send(operation, body))
    return withItemOfFailure(send, operation, body)
  }
  /** One request after the other, so that a transaction is seen as a whole. */
  const inTurn = (operation: string, body: Body): Promise<Answer> => {
    const done = turn.then(() => carryOut(operation, body))
    turn = done.catch(() => undefined)
    return done
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [service = '', operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.')
    requests.set(operation, (requests.get(operation) ?? 0) + 1)
    const text = await textOf(request)
    const refusal = signatures && refusalOf(request.headers, text, signatures)
    const date = new Date(signatures?.now?.() ?? Date.now()).toUTCString()
    if (refusal !== undefined) return respond(response, date, refusal)
    const body = JSON.parse(text || '{}') as Body
    if (isOfStreams(operation) !== service.startsWith('DynamoDBStreams_'))
      return respond(response, date, failure('UnknownOperationException', ''))
    const failing = fault(operation)
    if (failing === 'reset') return void request.socket.destroy()
    const answer = await answerTo(failing, { operation, body, inTurn })
    if (failing === 'lose the answer') return void request.socket.destroy()
    respond(response, date, answer)
  }
  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    sweep: (table, now) => timeToLive.sweep(table, now),
    streams: streams.control,
    close,
    [Symbol.asyncDispose]: close,
  }
}

interface Asked {
  readonly operation: string
  readonly body: Body
  readonly inTurn: (operation: string, body: Body) => Promise<Answer>
}

function answerTo(fault: Fault | Answer | undefined, { operation, body, inTurn }: Asked): Promise<Answer> | Answer {
  if (typeof fault === 'object') return fault
  if (fault === 'throttle') return failure('ProvisionedThroughputExceededException', 'throttled')
  if (fault !== 'unprocessed') return inTurn(operation, body)
  // Nothing of the batch is done, which is the most that DynamoDB may leave.
  if (operation === 'BatchGetItem')
    return { status: 200, body: { Responses: {}, UnprocessedKeys: body['RequestItems'] } }
  if (operation === 'BatchWriteItem') return { status: 200, body: { UnprocessedItems: body['RequestItems'] } }
  return inTurn(operation, body)
}

function headersOf(operation: string): Record<string, string> {
  return {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${operation}`,
    'x-amz-date': '20260101T000000Z',
    // dynalite wants a signature and does not check it.
    authorization:
      'AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=s',
  }
}

function respond(response: ServerResponse, date: string, { status, body }: Answer): void {
  const text = JSON.stringify(keysInAnyOrder(body))
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', date }).end(text)
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
