/** The part of the runtime's module that these tests use. */
declare module 'cloudflare:sockets' {
  export function connect(address: { readonly hostname: string; readonly port: number }): {
    readonly opened: Promise<unknown>
    readonly readable: ReadableStream<Uint8Array>
    readonly writable: WritableStream<Uint8Array>
    close(): Promise<void>
  }
}
