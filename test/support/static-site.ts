import { existsSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { serveFetch, type FetchServer } from '../../tools/runtimes/serve-fetch.ts'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** Serves a folder as a plain host of files does: `/` is `index.html`, and a path without a file is a 404. */
export function serveFolder(folder: string): Promise<FetchServer> {
  return serveFetch((request) => {
    const path = decodeURIComponent(new URL(request.url).pathname)
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path)
    const type = types[extname(file)]
    if (type === undefined || !existsSync(file)) return new Response(null, { status: 404 })
    return new Response(readFileSync(file), { headers: { 'content-type': type } })
  }, 0)
}
