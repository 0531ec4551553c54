import { db, validations } from './mended-dynalite.ts'

/** A request or an answer of DynamoDB's JSON protocol. */
export type Body = Readonly<Record<string, unknown>>
export type Send = (operation: string, body: Body) => Promise<Answer>

export interface Answer {
  readonly status: number
  readonly body: Body
}

const prefix = 'com.amazonaws.dynamodb.v20120810#'
const mostItems = 100
/** In milliseconds: how long a client token stands for the request that it came with. */
const tokenLifetime = 600_000

interface Action {
  readonly kind: 'Put' | 'Delete' | 'Update' | 'ConditionCheck'
  readonly request: Body
  readonly key: Body
}

/**
 * `TransactWriteItems` and `TransactGetItems` over the calls for single items, which dynalite has. The caller keeps all
 * other requests out meanwhile.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export function createTransactions(send: Send, keysOf: (table: string) => Promise<readonly string[]>) {
  const tokens = new Map<string, { readonly request: string; readonly answer: Answer; readonly at: number }>()

  const write = async (body: Body): Promise<Answer> => {
    const items = body['TransactItems'] as readonly Body[]
    if (items.length > mostItems) return invalid(`Member must have length less than or equal to ${mostItems}`)
    for (const table of new Set(items.map(tableOf))) {
      if ((await keysOf(table)).length === 0)
        return failure('ResourceNotFoundException', 'Requested resource not found')
    }
    const actions = await Promise.all(items.map(toAction))
    const places = actions.map(({ request, key }) => JSON.stringify([request['TableName'], key]))
    if (new Set(places).size < places.length) {
      return invalid('Transaction request cannot include multiple operations on one item')
    }
    const found = await Promise.all(actions.map(existing))
    const reasons: Body[] = []
    for (const [index, { request }] of actions.entries()) {
      const parsed: Record<string, unknown> = { ...request }
      const malformed = validations.validateExpressions(parsed)
      if (malformed !== null && malformed !== undefined) return invalid(malformed)
      const failed = db.checkConditional(parsed, found[index])
      reasons.push(failed ? conditionFailed(request, found[index]) : { Code: 'None' })
    }
    if (reasons.some(({ Code }) => Code !== 'None')) return cancelled(reasons)
    return apply(actions, found)
  }

  const toAction = async (item: Body): Promise<Action> => {
    const [kind, request] = Object.entries(item)[0] as [Action['kind'], Body]
    if (kind !== 'Put') return { kind, request, key: request['Key'] as Body }
    const names = await keysOf(request['TableName'] as string)
    const put = request['Item'] as Body
    return { kind, request, key: Object.fromEntries(names.map((name) => [name, put[name]])) }
  }

  const existing = async ({ request, key }: Action): Promise<Body | undefined> => {
    const { body } = await send('GetItem', { TableName: request['TableName'], Key: key, ConsistentRead: true })
    return body['Item'] as Body | undefined
  }

  /** What is done before an action that fails is undone. */
  const apply = async (actions: readonly Action[], found: readonly (Body | undefined)[]): Promise<Answer> => {
    for (const [index, { kind, request }] of actions.entries()) {
      if (kind === 'ConditionCheck') continue
      const { ReturnValuesOnConditionCheckFailure: _unused, ...plain } = request
      const answer = await send(`${kind}Item`, plain)
      if (answer.status === 200) continue
      for (let done = index - 1; done >= 0; done--) await restore(actions[done] as Action, found[done])
      const message = answer.body['message'] ?? answer.body['Message']
      return cancelled(
        actions.map((_, at) => (at === index ? { Code: 'ValidationError', Message: message } : { Code: 'None' })),
      )
    }
    return { status: 200, body: {} }
  }

  const restore = async ({ kind, request, key }: Action, before: Body | undefined): Promise<void> => {
    const TableName = request['TableName']
    if (kind === 'ConditionCheck') return
    if (before === undefined) await send('DeleteItem', { TableName, Key: key })
    else await send('PutItem', { TableName, Item: before })
  }

  return {
    async write(body: Body): Promise<Answer> {
      const token = body['ClientRequestToken']
      if (typeof token !== 'string') return write(body)
      const request = JSON.stringify(body)
      const known = tokens.get(token)
      if (known !== undefined && Date.now() - known.at < tokenLifetime) {
        return known.request === request
          ? known.answer
          : failure('IdempotentParameterMismatchException', 'the token has been used for another request')
      }
      const answer = await write(body)
      if (answer.status === 200) tokens.set(token, { request, answer, at: Date.now() })
      return answer
    },
    async get(body: Body): Promise<Answer> {
      const items = body['TransactItems'] as readonly { readonly Get: Body }[]
      if (items.length > mostItems) return invalid(`Member must have length less than or equal to ${mostItems}`)
      const Responses: Body[] = []
      for (const { Get } of items) {
        const { status, body: answer } = await send('GetItem', { ...Get, ConsistentRead: true })
        if (status !== 200) return { status, body: answer }
        Responses.push(answer['Item'] === undefined ? {} : { Item: answer['Item'] })
      }
      return { status: 200, body: { Responses } }
    },
  }
}

function tableOf(item: Body): string {
  const [request] = Object.values(item) as Body[]
  return String(request?.['TableName'])
}

function conditionFailed(request: Body, item: Body | undefined): Body {
  const wanted = request['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD' && item !== undefined
  return { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...(wanted && { Item: item }) }
}

/** What a transaction of which some items fail is answered with, a reason for each item. */
export function cancelled(reasons: readonly Body[]): Answer {
  const codes = reasons.map(({ Code }) => String(Code)).join(', ')
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`
  return {
    status: 400,
    body: { __type: `${prefix}TransactionCanceledException`, Message: message, message, CancellationReasons: reasons },
  }
}

export function failure(name: string, message: string): Answer {
  return { status: 400, body: { __type: `${prefix}${name}`, message } }
}

export function invalid(message: string): Answer {
  return { status: 400, body: { __type: 'com.amazon.coral.validate#ValidationException', message } }
}
