import type { AttributeValue } from '../core/tracing/tracer.ts'
import { cutText } from './cut-text.ts'

const most = 64

/** The attribute that says how many were left out. */
const droppedAttributes = 'lexigram.attributes.dropped'

/** Attributes as they are sent and kept: at most 64, one of them saying how many were left out, with texts cut. */
export function keptAttributes(given: Readonly<Record<string, unknown>>): Record<string, AttributeValue> {
  const entries = Object.entries(given).flatMap(([key, value]): [string, AttributeValue][] => {
    if (typeof value === 'string') return [[cutText(key), cutText(value)]]
    return typeof value === 'number' || typeof value === 'boolean' ? [[cutText(key), value]] : []
  })
  if (entries.length <= most) return Object.fromEntries(entries)
  const kept = entries.slice(0, most - 1)
  return Object.fromEntries([...kept, [droppedAttributes, entries.length - kept.length]])
}
