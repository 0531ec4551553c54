import { isTexts, notedOrder, type NotedOrder } from './noted-order.ts'

/** Notes of a document as a codec reads by them. */
export interface ReadNotes {
  readonly order: NotedOrder | undefined
  /** Paths of bigints. */
  readonly bigints: readonly (readonly string[])[]
  /** The other members, such as those of one backend alone. */
  readonly others: Readonly<Record<string, unknown>>
}

/** The notes that a text holds: an object with members as {@link DocumentNotes} has them. Undefined for any other text. */
export const readNotes = remembering((text): ReadNotes | undefined => {
  const notes = parsed(text)
  if (typeof notes !== 'object' || notes === null || Array.isArray(notes)) return undefined
  const { o, b, ...others } = notes as Readonly<Record<string, unknown>>
  return { order: notedOrder(o), bigints: pathsOf(b), others }
})

/** The orders of keys that a text holds, as {@link DocumentNotes} has them. */
export const readOrder = remembering((text): NotedOrder | undefined => notedOrder(parsed(text)))

/** The paths of bigints that a text holds. */
export function readBigints(text: string): readonly (readonly string[])[] {
  return pathsOf(parsed(text))
}

/** What is not a path is skipped: another program wrote it. */
function pathsOf(given: unknown): readonly (readonly string[])[] {
  return Array.isArray(given) ? given.filter(isTexts) : []
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Texts that are longer are read each time, and so many are remembered. */
const longest = 1000
const most = 200

/** Documents of one kind mostly have the same notes: what was read of the latest is remembered. */
function remembering<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const answer = read(text)
    if (text.length > longest) return answer
    if (known.size >= most) known.clear()
    known.set(text, answer)
    return answer
  }
}
