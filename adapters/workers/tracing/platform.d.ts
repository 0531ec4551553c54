/** Declared here for the same reason as the types of `platform.ts`; what older runtimes lack is optional. */
declare module 'cloudflare:workers' {
  export interface NativeSpan {
    readonly isTraced?: boolean
    setAttribute(name: string, value: string | number | boolean): unknown
    end?(): void
    updateName?(name: string): unknown
    setStatus?(status: { readonly code: 'error' }): unknown
    spanContext?(): { readonly traceId: string; readonly spanId: string }
  }
  export const tracing:
    | {
        startActiveSpan?<T>(name: string, callback: (span: NativeSpan) => T): T
        getActiveSpan?(): NativeSpan | undefined
      }
    | undefined
}
