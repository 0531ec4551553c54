import type { HttpResult } from '../../adapters/lambda/http/result.ts'

/** A function's result as the client of its source gets it. */
export function responseOf(result: HttpResult): Response {
  const headers = new Headers()
  for (const [name, value] of Object.entries(result.headers ?? {})) headers.append(name, value)
  for (const [name, values] of Object.entries(result.multiValueHeaders ?? {})) {
    for (const value of values) headers.append(name, value)
  }
  for (const cookie of result.cookies ?? []) headers.append('set-cookie', cookie)
  const bytes = Buffer.from(result.body, result.isBase64Encoded ? 'base64' : 'utf8')
  return new Response(bytes.length === 0 ? null : bytes, { status: result.statusCode, headers })
}
