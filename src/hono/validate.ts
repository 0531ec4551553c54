import type { Context } from 'hono'
import type { OutputOf, StandardSchemaV1 } from '../core/setting/standard-schema.ts'
import { BadRequestError, isLexigramError, ValidationError, type LexigramError } from '../core/errors.ts'
import { attempt } from '../core/result/attempt.ts'
import { err, ok, type Result } from '../core/result/result.ts'

/**
 * Reads the body as JSON and validates it with any Standard Schema. Malformed JSON is a `BadRequestError` (400), a
 * schema's refusal a `ValidationError` (422) with the path of each field.
 *
 * @example
 * import { respond, validJson } from 'lexigram-edge/hono'
 *
 * const body = await validJson(c, NewProduct)
 * if (!body.ok) return respond(c, body)
 */
export async function validJson<S extends StandardSchemaV1>(
  c: Context,
  schema: S,
): Promise<Result<OutputOf<S>, LexigramError>> {
  const body = await jsonBody(c)
  return body.ok ? validated(schema, body.value, 'the body') : body
}

/** The body as JSON; malformed JSON is a `BadRequestError`. */
export function jsonBody(c: Context): Promise<Result<unknown, LexigramError>> {
  return attempt(
    () => c.req.json<unknown>(),
    (cause) =>
      // A body that is too large, or that ends early, says so itself.
      isLexigramError(cause) ? cause : new BadRequestError('the body must be valid JSON', { cause }),
  )
}

/** A value as a schema lets it through, or a `ValidationError` with the path of each issue. `what` begins its message. */
export async function validated<S extends StandardSchemaV1>(
  schema: S,
  value: unknown,
  what: string,
): Promise<Result<OutputOf<S>, LexigramError>> {
  const outcome = await schema['~standard'].validate(value)
  if (outcome.issues === undefined) return ok(outcome.value as OutputOf<S>)
  const issues = outcome.issues.map((issue) => ({
    path: (issue.path ?? []).map((part) => pathKey(typeof part === 'object' ? part.key : part)),
    message: issue.message,
  }))
  return err(new ValidationError(`${what} must fit the schema`, issues))
}

function pathKey(key: PropertyKey): string | number {
  return typeof key === 'number' ? key : String(key)
}
