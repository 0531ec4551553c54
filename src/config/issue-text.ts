/** Endings by which validation libraries repeat what they were given. */
const receivedEndings = [
  /,? but received\b.*$/is,
  /,? received\b.*$/is,
  /\s*\((?:was|got)\b.*\)\s*$/is,
  /,? got\b.*$/is,
]

/** What engines say of malformed JSON: with a part of the text in it. */
const jsonErrors = [/\bis not valid JSON\b/, /\bin JSON at position \d/, /^JSON(?:\.parse| Parse error): /]

/**
 * A foreign schema's message without the values it was given: the usual endings are cut, and any text of a variable
 * that is still there is replaced.
 *
 * @param values The texts of the variables that the schema has seen.
 */
export function withoutValues(message: string, values: readonly string[]): string {
  if (jsonErrors.some((pattern) => pattern.test(message))) return 'is not valid JSON'
  const cut = receivedEndings.reduce((text, ending) => text.replace(ending, ''), message)
  const spellings = values.flatMap((value) => [value, value.trim(), JSON.stringify(value).slice(1, -1)])
  const longestFirst = [...new Set(spellings)].filter((value) => value !== '').toSorted((a, b) => b.length - a.length)
  return longestFirst.reduce((text, value) => replaceWhole(text, value), cut)
}

/** Replaces `value` where it does not merely continue a word or number: `5` stays in `at most 50`. */
function replaceWhole(text: string, value: string): string {
  let result = ''
  let from = 0
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, from)) {
    const end = at + value.length
    const inside = value.length < 4 && (isWordEnd(text[at - 1]) || isWordEnd(text[end]))
    result += text.slice(from, at) + (inside ? value : '[value]')
    from = end
  }
  return result + text.slice(from)
}

function isWordEnd(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character)
}
