import { duplicateOf } from '../../contract/duplicate-key.ts'
import type { DuplicateKeyError } from '../../errors.ts'
import { redacted, type VendorError } from './vendor-error.ts'

/**
 * Which key is taken. Errors of bulk writes have lost the pattern of the key on their way through the vendor's driver:
 * there the text names the index, and the values, which stay here.
 */
export function duplicateKey(error: VendorError): DuplicateKeyError {
  const { keyPattern, message, errmsg } = error
  const pattern = /\bcollection: [^\s.]+\.(.+?)(?: index: (.+?))?(?: collation: .+?)? dup key: (.*)$/s
  // A clustered collection has no index of its ids to name.
  const [, collection = '', index = '_id_', values = ''] = pattern.exec(errmsg ?? message ?? '') ?? []
  const named = typeof keyPattern === 'object' ? Object.keys(keyPattern ?? {}) : namesIn(values)
  return duplicateOf({ collection, index, fields: named.length > 0 ? named : ['_id'] }, redacted(error))
}

/** The names in a text such as `{ email: "a, b: c", team: 1 }`. */
function namesIn(values: string): readonly string[] {
  const withoutTexts = values.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
  const inner = withoutTexts.replace(/^\{ /, '').replaceAll(/\{[^{}]*\}|\[[^[\]]*\]/g, '')
  return [...inner.matchAll(/(?:^|, )([^\s:,{}]+): /g)].flatMap(([, name]) => (name === undefined ? [] : [name]))
}
