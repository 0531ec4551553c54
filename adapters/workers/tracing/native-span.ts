import { builtinModule } from '../../../src/core/builtin-module.ts'
import type { SinkSpan } from '../../../src/tracing/sink.ts'
import type { NativeSpan } from './native-tracing.ts'

type Enter = <T>(work: () => T) => T

/** The part of `node:async_hooks` that is used; there with `nodejs_compat` only. */
interface AsyncHooks {
  readonly AsyncLocalStorage: { snapshot(): Enter }
}

const hooks = builtinModule<AsyncHooks>('node:async_hooks')

/** Made in the callback that the platform makes the span current for, so that this can be returned to. */
export class NativeSinkSpan implements SinkSpan {
  readonly traceId: string
  readonly spanId: string
  readonly sampled: boolean
  readonly run: Enter
  /** What was current around its trace when that began: no part of it. */
  readonly around: string | undefined
  readonly #span: NativeSpan

  constructor(span: NativeSpan, around: string | undefined) {
    this.#span = span
    this.around = around
    this.run = hooks?.AsyncLocalStorage?.snapshot() ?? ((work) => work())
    const { traceId = '', spanId = '' } = span.spanContext?.() ?? {}
    this.traceId = traceId
    this.spanId = spanId
    this.sampled = span.isTraced !== false
  }

  set(name: string, value: string | number | boolean): void {
    this.#span.setAttribute(name, value)
  }

  rename(name: string): void {
    this.#span.updateName?.(name)
  }

  fail(type: string): void {
    this.#span.setAttribute('error.type', type)
    this.#span.setStatus?.({ code: 'error' })
  }

  end(): void {
    this.#span.end()
  }
}
