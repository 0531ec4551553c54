import { registerHooks } from 'node:module'

/**
 * dynalite's comparisons take `false`, an empty text and empty bytes for no value at all; DynamoDB compares them as any
 * other (reference of its condition expressions).
 */
const mends: readonly (readonly [wrong: string, right: string])[] = [
  ["case 'in':\n    if (!attrVal) return false", "case 'in':\n    if (attrVal == null) return false"],
  ["case 'between':\n    if (!attrVal ||", "case 'between':\n    if (attrVal == null ||"],
  ["case 'attribute_type':\n    if (!attrVal ||", "case 'attribute_type':\n    if (attrVal == null ||"],
  ['val && val.S && val.S === compVal', 'val && val.S === compVal'],
  ["attrType === 'L' && val.B)", "attrType === 'L' && val.B != null)"],
  ['else if (val.S) {', 'else if (val.S != null) {'],
  ['else if (val.B) {', 'else if (val.B != null) {'],
]

const hooks = registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (!url.endsWith('/dynalite/db/index.js')) return loaded
    return { ...loaded, source: mended(String(loaded.source)) }
  },
})
const { default: dynalite } = await import('dynalite')
const { default: db } = await import('dynalite/db/index.js')
const { default: validations } = await import('dynalite/validations/index.js')
hooks.deregister()

function mended(source: string): string {
  return mends.reduce((text, [wrong, right]) => {
    if (!text.includes(wrong)) throw new Error(`dynalite has changed: it has no «${wrong}»`)
    return text.replace(wrong, right)
  }, source)
}

export { db, dynalite, validations }
