import type { Context, Next } from 'hono'
import type { InputOf, OutputOf, StandardSchemaV1 } from '../core/setting/standard-schema.ts'
import type { LexigramError } from '../core/errors.ts'
import { ok, type Result } from '../core/result/result.ts'
import { respond, type ProblemAnswer } from './respond.ts'
import { jsonBody, validated } from './validate.ts'

/** The part of a request that {@link valid} reads. */
export type ValidTarget = 'json' | 'query' | 'param' | 'header'

/** The types by which Hono tells the handler, and clients of `hc`, what a validator has read. */
export interface ValidInput<S extends StandardSchemaV1, T extends ValidTarget> {
  in: { [K in T]: SentBy<S, K> }
  out: { [K in T]: OutputOf<S> }
}

/** What a client sends: what the schema takes, as text where HTTP carries text. */
type SentBy<S extends StandardSchemaV1, T extends ValidTarget> =
  unknown extends InputOf<S>
    ? T extends 'json'
      ? OutputOf<S>
      : { [K in keyof OutputOf<S>]: string | string[] }
    : T extends 'json'
      ? InputOf<S>
      : { [K in keyof InputOf<S>]: TextOf<InputOf<S>[K]> }

/** The text of one value, or several texts for a list. */
type TextOf<I> = unknown extends I
  ? string | string[]
  :
      | ([Extract<I, string>] extends [never] ? string : Extract<I, string>)
      | ([Extract<I, readonly unknown[]>] extends [never] ? never : string[])

/**
 * A validator in front of a handler, which reads the value with `c.req.valid(target)`. It carries its schema and target, for
 * generators of OpenAPI documents that walk the routes of an application.
 */
export interface ValidMiddleware<S extends StandardSchemaV1, T extends ValidTarget> {
  readonly schema: S
  readonly target: T
  // Hono finds the variables and the path of the route itself.
  // oxlint-disable-next-line typescript/no-explicit-any
  (c: Context<any, string, ValidInput<S, T>>, next: Next): Promise<ProblemAnswer<400 | 422> | void>
}

/**
 * Validates a part of the request with any Standard Schema before the handler runs. Malformed JSON is answered with 400, a
 * schema's refusal with 422 and the path of each field, as problem details.
 *
 * The types of body and answer reach clients made by `hc`. Values of a query, of path parameters and of headers are text: the
 * schema converts them, and several values of one parameter are a list.
 *
 * @param target The part to read. @default 'json', the body
 * @example
 * import { respond, valid } from 'lexigram-edge/hono'
 *
 * routes.post('/products', valid(NewProduct), async (c) => respond(c, await products.add(c.req.valid('json'))))
 */
export function valid<S extends StandardSchemaV1, T extends ValidTarget = 'json'>(
  schema: S,
  // The default of the parameter is that of its type.
  target: T = 'json' as T,
): ValidMiddleware<S, T> {
  const validate = async (c: Context, next: Next): Promise<ProblemAnswer<400 | 422> | void> => {
    const value = await readers[target](c)
    const checked = value.ok ? await validated(schema, value.value, names[target]) : value
    // A refusal is one of these two, or an error that describes the fault of the body.
    if (!checked.ok) return respond(c, checked) as ProblemAnswer<400 | 422>
    // Hono keeps plain objects; what a schema makes of a part of a request is one.
    c.req.addValidatedData(target, checked.value as object)
    return next()
  }
  return Object.assign(validate, { schema, target })
}

const names: Readonly<Record<ValidTarget, string>> = {
  json: 'the body',
  query: 'the query',
  param: 'the path',
  header: 'the headers',
}

type Read = (c: Context) => Promise<Result<unknown, LexigramError>>

const readers: Readonly<Record<ValidTarget, Read>> = {
  json: jsonBody,
  query: async (c) =>
    ok(Object.fromEntries(Object.entries(c.req.queries()).map(([name, all]) => [name, all.length > 1 ? all : all[0]]))),
  param: async (c) => ok(c.req.param()),
  header: async (c) => ok(c.req.header()),
}
