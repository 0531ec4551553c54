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
  const body = await attempt(
    () => c.req.json<unknown>(),
    (cause) =>
      // A body that is too large, or that ends early, says so itself.
      isLexigramError(cause) ? cause : new BadRequestError('the body must be valid JSON', { cause }),
  )
  if (!body.ok) return body
  const outcome = await schema['~standard'].validate(body.value)
  if (outcome.issues === undefined) return ok(outcome.value as OutputOf<S>)
  const issues = outcome.issues.map((issue) => ({
    path: (issue.path ?? []).map((part) => pathKey(typeof part === 'object' ? part.key : part)),
    message: issue.message,
  }))
  return err(new ValidationError('the body must fit the schema', issues))
}

function pathKey(key: PropertyKey): string | number {
  return typeof key === 'number' ? key : String(key)
}
