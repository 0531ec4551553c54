import type { Invocation } from '../../runtime/invocation/request-context.ts'

/** How long an invocation goes on before it is shown as one that has not ended, in milliseconds. */
const shownAfter = 50

export interface Watch {
  /** What the application is given: its background work is seen. */
  readonly invocation: Invocation
  /** Resolves when the invocation has gone on for a while, or has ended. Never rejects. */
  readonly begun: Promise<void>
  /** Resolves when it was answered and all its background work is done. Never rejects. */
  readonly ended: Promise<void>
  answered(): void
}

/** Follows one invocation to its end: the answer, and the work that outlasts it. */
export function watchInvocation(invocation: Invocation): Watch {
  const pending = new Set<Promise<unknown>>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let shown = (): void => {}
  let answered = (): void => {}
  const begun = new Promise<void>((resolve) => {
    shown = resolve
    timer = setTimeout(resolve, shownAfter)
  })
  const ended = new Promise<void>((resolve) => void (answered = resolve)).then(async () => {
    while (pending.size > 0) await Promise.allSettled(pending)
    clearTimeout(timer)
    shown()
  })
  return {
    invocation: {
      ...invocation,
      waitUntil(work) {
        const seen: Promise<unknown> = work.then(
          () => pending.delete(seen),
          () => pending.delete(seen),
        )
        pending.add(seen)
        invocation.waitUntil(work)
      },
    },
    begun,
    ended,
    answered: () => answered(),
  }
}
