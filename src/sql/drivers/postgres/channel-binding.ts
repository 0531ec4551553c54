import type { Client, ClientConfig } from 'pg'
import { UsageError } from '../../../core/errors.ts'
import type { Vendor } from './vendor.ts'

/** As `channel_binding` of a URL says it: bind the login to the server's certificate where that works, or always. */
export type ChannelBinding = 'disable' | 'prefer' | 'require'

/** What is read of the vendor's client and connection, which its types leave out. */
interface Login {
  enableChannelBinding?: boolean
  readonly connection: {
    readonly stream: { destroy(): unknown; getPeerCertificate?: unknown }
    on(event: string, listener: (message: { readonly mechanisms?: readonly string[] }) => void): unknown
    emit(event: 'error', error: unknown): unknown
  }
}

/**
 * The vendor's client binds where the server offers it, and goes on where it does not. This one looks at what the server
 * asks for before the client answers, so that nothing of the password is sent where binding is required and missing.
 */
export function bindingClient({ Client }: Vendor, mode: ChannelBinding): typeof Client {
  if (mode === 'disable') return Client
  return class extends Client {
    constructor(config?: string | ClientConfig) {
      super(config)
      watchLogin(this, mode)
    }
  }
}

function watchLogin(client: Client, mode: ChannelBinding): void {
  // The client has these, whatever its types say.
  const login = client as unknown as Login
  const { connection } = login
  const knowsBinding = login.enableChannelBinding !== undefined
  let isBound = false
  const end = (reason: string): void => {
    if (mode !== 'require') return
    connection.emit('error', bindingError(reason))
    connection.stream.destroy()
  }
  connection.on('authenticationSASL', ({ mechanisms = [] }) => {
    const isOffered = mechanisms.includes('SCRAM-SHA-256-PLUS')
    isBound = isOffered && knowsBinding && typeof connection.stream.getPeerCertificate === 'function'
    login.enableChannelBinding = isBound
    if (!isBound) end(isOffered ? 'pg or the runtime cannot' : 'the server does not offer it')
  })
  for (const event of ['authenticationCleartextPassword', 'authenticationMD5Password', 'authenticationOk']) {
    connection.on(event, () => isBound || end('the server does not ask for it'))
  }
}

function bindingError(reason: string): UsageError {
  return new UsageError(`channel_binding=require of the database URL cannot be obeyed: ${reason}`, {
    hint: 'Use sslmode=verify-full and pg from 8.15 on, or leave it out: TLS checks the certificate without it.',
  })
}
