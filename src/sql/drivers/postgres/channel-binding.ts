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

const bound = 'SCRAM-SHA-256-PLUS'

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
  const refuse = (reason: string): void => {
    if (mode !== 'require') return
    connection.emit('error', bindingError(reason))
    connection.stream.destroy()
  }
  connection.on('authenticationSASL', ({ mechanisms = [] }) => {
    const seesCertificate = typeof connection.stream.getPeerCertificate === 'function'
    isBound = knowsBinding && seesCertificate && mechanisms.includes(bound)
    login.enableChannelBinding = isBound
    if (isBound) return
    if (!knowsBinding) refuse('this version of pg does not know it')
    else if (!mechanisms.includes(bound)) refuse('the server does not offer it, as without TLS')
    else refuse('the runtime does not show the certificate of the server')
  })
  for (const event of ['authenticationCleartextPassword', 'authenticationMD5Password', 'authenticationOk']) {
    connection.on(event, () => isBound || refuse('the server does not ask for SCRAM'))
  }
}

function bindingError(reason: string): UsageError {
  return new UsageError(`channel_binding=require of the database URL cannot be obeyed: ${reason}`, {
    hint: 'Use sslmode=verify-full and pg from 8.15 on, or leave channel_binding out: TLS checks the certificate without it.',
  })
}
