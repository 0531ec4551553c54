/** What kind of error it is: its code where it has one, else its class. Never its message, which may quote data. */
export function errorType(error: unknown): string {
  // A text is for people; what is written like a code is one.
  if (typeof error === 'string' && /^[A-Z][A-Z\d_]{0,63}$/.test(error)) return error
  if (typeof error !== 'object' || error === null) return typeof error
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown }
  for (const type of [code, name]) if (typeof type === 'string' && /^[\w.-]{1,64}$/.test(type)) return type
  return 'Error'
}
