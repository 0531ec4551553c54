/** Most characters of a name or an attribute that are sent, kept and shown. */
const longest = 2000

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/**
 * A text as it is sent and kept: at most 2,000 characters, of which the last say how long it was, where it was cut.
 * Well-formed, so that it may stand in an address of the page.
 */
export function cutText(text: string): string {
  if (text.length <= longest) return text.toWellFormed()
  const note = `… (cut: ${text.length} characters)`
  // Copied by its bytes: engines keep the whole of a text in memory while a slice of it is.
  return decoder.decode(encoder.encode(text.slice(0, longest - note.length))) + note
}
