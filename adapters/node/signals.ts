import { constants } from 'node:os'

/** Two cannot be listened for. @see https://nodejs.org/api/process.html#signal-events */
export function isCatchable(signal: unknown): boolean {
  return Object.hasOwn(constants.signals, String(signal)) && signal !== 'SIGKILL' && signal !== 'SIGSTOP'
}

export interface Signals {
  /** Resolves with the first signal. The next one ends the process, as signals without a listener do. */
  readonly asked: Promise<void>
  readonly forget: () => void
}

export function listenFor(signals: readonly NodeJS.Signals[]): Signals {
  const { promise: asked, resolve } = Promise.withResolvers<void>()
  const forget = (): void => {
    for (const signal of signals) process.off(signal, onSignal)
  }
  const onSignal = (): void => {
    forget()
    resolve()
  }
  for (const signal of signals) process.on(signal, onSignal)
  return { asked, forget }
}
