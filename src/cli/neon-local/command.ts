import { parseArgs, type ParseArgsConfig } from 'node:util'
import { UsageError } from '../../core/errors.ts'
import type { CommandContext } from '../command-context.ts'
import { serveNeon } from './serve.ts'

const options = {
  port: { type: 'string', default: '4444' },
  'protocol-port': { type: 'string', default: '0' },
  host: { type: 'string', default: '127.0.0.1' },
  'data-dir': { type: 'string' },
  fresh: { type: 'boolean', default: false },
  postgres: { type: 'string' },
} as const satisfies ParseArgsConfig['options']

/** `lexigram-edge neon-local`: serves until the signal aborts. */
export async function runNeonLocal(args: readonly string[], context: CommandContext): Promise<number> {
  const values = parse(args)
  const port = portOf('--port', values.port)
  const protocolPort = portOf('--protocol-port', values['protocol-port'])
  const dataDir = values['data-dir']
  if (values.postgres !== undefined && dataDir !== undefined) {
    throw new UsageError('--postgres cannot be used with --data-dir', { hint: 'Pass one of them.' })
  }
  const endpoint = await serveNeon({
    host: values.host,
    port,
    protocolPort,
    ...(dataDir !== undefined && { dataDir, fresh: values.fresh }),
    ...(values.postgres !== undefined && { postgresUrl: values.postgres }),
  }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.syscall !== 'listen' && cause.syscall !== 'getaddrinfo') throw cause
    throw new UsageError(`cannot listen on ${values.host} port ${port} (${cause.code})`, {
      hint: 'Choose another with --port or --host, or stop what listens there.',
      cause,
    })
  })
  context.print(`DATABASE_URL=${endpoint.url}`)
  if (values.postgres === undefined) context.print(`for migrations: ${endpoint.ownerUrl}`)
  context.print(`for psql and other tools: ${endpoint.protocolUrl}`)
  context.print(`HTTP ${endpoint.endpoint}  WebSocket ws://${values.host}:${endpoint.port}/v2  (Ctrl-C stops)`)
  await new Promise<void>((resolve) => {
    if (context.signal.aborted) return resolve()
    context.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await endpoint.close()
  return 0
}

function portOf(name: string, text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new UsageError(`${name} must be a number from 0 to 65535`)
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (cause) {
    throw new UsageError((cause as Error).message, { hint: 'lexigram-edge help', cause })
  }
}
