const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i
const words: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  1: true,
  false: false,
  no: false,
  off: false,
  0: false,
}

/** The finite number that a text spells in decimal, or `undefined`; `''`, `'0x10'` and `'Infinity'` are not numbers. */
export function parseNumber(text: string): number | undefined {
  const value = decimal.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(value) ? value : undefined
}

/** `true yes on 1` and `false no off 0` in any case, or `undefined`. */
export function parseBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase()
  return Object.hasOwn(words, word) ? words[word] : undefined
}

/** The object or list that a text spells in JSON, or `undefined`. A `__proto__` key is dropped. */
export function parseJson(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text, (key, inner: unknown) => (key === '__proto__' ? undefined : inner))
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
