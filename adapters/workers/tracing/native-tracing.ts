/** The part of Cloudflare's spans that is used. Declared here for the same reason as the types of `platform.ts`. */
export interface NativeSpan {
  readonly isTraced?: boolean
  setAttribute(name: string, value: string | number | boolean): unknown
  end(): void
  updateName?(name: string): unknown
  setStatus?(status: { readonly code: 'error' }): unknown
  spanContext?(): { readonly traceId: string; readonly spanId: string }
}

/** `tracing` of `cloudflare:workers`; runtimes before 2026-07-28 lack some of it. */
export interface NativeTracing {
  startActiveSpan?<T>(name: string, callback: (span: NativeSpan) => T): T
  getActiveSpan?(): NativeSpan | undefined
}
