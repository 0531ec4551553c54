/** Most characters of a name or an attribute that are sent, kept and shown. */
const longest = 2000

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/**
 * A text as it is sent and kept: at most 2,000 characters. A text that was cut ends with its full length. The result is
 * well-formed, so that an address of the page may contain it.
 */
export function cutText(text: string): string {
  if (text.length <= longest) return text.toWellFormed()
  const note = `… (cut: ${text.length} characters)`
  // Copied by its bytes: engines keep the whole text in memory as long as a slice of it exists.
  return decoder.decode(encoder.encode(text.slice(0, longest - note.length))) + note
}
