import { DuplicateKeyError } from '../../errors.ts'
import { redacted, type VendorError } from './vendor-error.ts'

export function duplicateKey(error: VendorError): DuplicateKeyError {
  const { index, fields } = duplicateOf(error)
  return new DuplicateKeyError(`the document cannot be stored: another one has the same ${fields.join(', ')}`, {
    details: { fields, ...(index !== undefined && { index }) },
    cause: redacted(error),
  })
}

/**
 * Which key is taken. Errors of bulk writes have lost the pattern of the key on their way through the vendor's driver:
 * there the text names the index, and the values, which stay here.
 */
function duplicateOf({ keyPattern, message, errmsg }: VendorError): { index?: string; fields: readonly string[] } {
  const [, index, values = ''] =
    /\bindex: (.+?)(?: collation: .+?)? dup key: (.*)$/s.exec(errmsg ?? message ?? '') ?? []
  const fields = typeof keyPattern === 'object' ? Object.keys(keyPattern ?? {}) : namesIn(values)
  return { ...(index !== undefined && { index }), fields: fields.length > 0 ? fields : ['_id'] }
}

/** The names in a text such as `{ email: "a, b: c", team: 1 }`. */
function namesIn(values: string): readonly string[] {
  const withoutTexts = values.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
  const inner = withoutTexts.replace(/^\{ /, '').replaceAll(/\{[^{}]*\}|\[[^[\]]*\]/g, '')
  return [...inner.matchAll(/(?:^|, )([^\s:,{}]+): /g)].flatMap(([, name]) => (name === undefined ? [] : [name]))
}
