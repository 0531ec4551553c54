/** Up to the last `@` of a text without spaces: a password may hold a slash, or an `@` that was not encoded. */
const userinfo = /\/\/[^\s]*@/g

const secretName =
  /(?:pass(?:word|wd|phrase)?|pwd|secret|token|credential|signature|api[-_]?key|access[-_]?key|authorization)/
const namedSecret = new RegExp(
  `(${secretName.source}\\w*["']?\\s*[=:]\\s*)("[^"]*"?|'[^']*'?|bearer\\s+[^\\s]+|[^&;,\\s}]+)`,
  'gi',
)

/** A setting may carry a password that no schema knows of: in an address, a query, a connection string or JSON. */
export function withoutCredentials(text: string): string {
  const shown = text.replace(userinfo, '//…@').replace(namedSecret, '$1…')
  return shown.length > 200 ? `${shown.slice(0, 200)}…` : shown
}
