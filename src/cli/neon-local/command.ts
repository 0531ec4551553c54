import { UsageError } from '../../core/errors.ts'
import type { CommandRun } from '../command-context.ts'
import { serveNeon } from './serve.ts'

/** As they are written on the line. */
export interface NeonLocalOptions {
  readonly port: string
  readonly protocolPort: string
  readonly host: string
  readonly dataDir?: string
  readonly fresh?: boolean
  readonly postgres?: string
}

/** `lexigram-edge neon-local`: serves until the signal aborts. */
export async function runNeonLocal(values: NeonLocalOptions, { report, signal }: CommandRun): Promise<number> {
  const port = portOf('--port', values.port)
  const protocolPort = portOf('--protocol-port', values.protocolPort)
  const { dataDir, fresh = false } = values
  const endpoint = await serveNeon({
    host: values.host,
    port,
    protocolPort,
    ...(dataDir !== undefined && { dataDir, fresh }),
    ...(values.postgres !== undefined && { postgresUrl: values.postgres }),
  }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.syscall !== 'listen' && cause.syscall !== 'getaddrinfo') throw cause
    throw new UsageError(`cannot listen on ${values.host} port ${port} (${cause.code})`, {
      hint: 'Choose another with --port or --host, or stop what listens there.',
      cause,
    })
  })
  const { url, ownerUrl, protocolUrl } = endpoint
  report.set('url', url)
  if (values.postgres === undefined) report.set('ownerUrl', ownerUrl)
  report.set('protocolUrl', protocolUrl)
  report.set('endpoint', endpoint.endpoint)
  report.line(`DATABASE_URL=${url}`)
  if (values.postgres === undefined) report.line(`for migrations: ${ownerUrl}`)
  report.line(`for psql and other tools: ${protocolUrl}`)
  report.line(`HTTP ${endpoint.endpoint}  WebSocket ws://${values.host}:${endpoint.port}/v2  (Ctrl-C stops)`)
  report.end()
  await new Promise<void>((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await endpoint.close()
  return 0
}

function portOf(name: string, text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new UsageError(`${name} must be a number from 0 to 65535`)
}
