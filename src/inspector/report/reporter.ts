import type { Container } from '../../container/container.ts'
import { ConnectionError } from '../../core/errors.ts'
import { tracerOf } from '../../tracing/tracer-of.ts'
import type { Tracer } from '../../core/tracing/tracer.ts'
import { provider, type Provider } from '../../runtime/provider.ts'
import type { RunningApplication } from '../../runtime/process/running-application.ts'
import type { ApplicationOptions } from '../../runtime/application-options.ts'
import type { ApplicationRecord, Batch, HealthRecord } from '../wire.ts'
import { drawingOf, type Drawing } from './graph.ts'
import { createOutbox } from './outbox.ts'
import { settingsOf } from './settings.ts'

/** Sends what an application does to the inspector. */
export interface Reporter {
  readonly tracer: Tracer
  /** Describes the application when it has booted. */
  readonly provider: Provider
  /** Whether the application runs: it has booted, and was not shut down. */
  readonly isRunning: boolean
  /** Sends what waits, and asks for health now and then. Never rejects: the first failure is reported. */
  send(running?: RunningApplication): Promise<void>
}

export interface ReporterOptions {
  readonly target: URL
  readonly application: ApplicationOptions
  readonly fetch: typeof fetch
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Called with the first failure. */
  readonly report: (error: unknown) => void
}

/** In milliseconds. */
const sendLimit = 2000
const healthInterval = 10_000
/** How long an inspector that did not answer is left alone. */
const pause = 3000

export function createReporter({ target, application, fetch, now, report }: ReporterOptions): Reporter {
  const outbox = createOutbox({ now })
  let described: ApplicationRecord | undefined
  let drawing: Drawing | undefined
  let sentAs = ''
  let askedAt = -Infinity
  let failed = false
  let triesAt = -Infinity
  const id = crypto.randomUUID()

  /** The description, where it is another than the one that was sent last. */
  const news = (): ApplicationRecord | undefined => {
    if (described === undefined || drawing === undefined) return undefined
    described = { ...described, used: drawing.used(), held: drawing.held() }
    const text = JSON.stringify(described)
    if (text === sentAs) return undefined
    sentAs = text
    return described
  }

  /** Whether it was taken, refused as too large, or not answered as an inspector does. */
  const post = async (batch: Batch): Promise<'taken' | 'too large'> => {
    const response = await fetch(new URL('/ingest', target), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(batch),
      signal: AbortSignal.timeout(sendLimit),
      // Traces are sent only to the machine that was named.
      redirect: 'manual',
    })
    await response.body?.cancel()
    if (response.status === 413) return 'too large'
    if (!response.ok) throw new ConnectionError(`the inspector cannot take a batch: it answered ${response.status}`)
    return 'taken'
  }

  const reportOnce = (error: unknown): void => {
    if (!failed) report(error)
    failed = true
  }

  /** False where it has to be tried again later. */
  const attempt = async (batch: Batch): Promise<boolean> => {
    try {
      if ((await post(batch)) === 'taken') return true
      // It will not be smaller the next time.
      outbox.lose(batch.spans.length + batch.dropped)
      reportOnce(new ConnectionError('the inspector cannot take a batch: it is too large (413)'))
      return true
    } catch (error) {
      outbox.lose(batch.spans.length + batch.dropped)
      // Another inspector may come: it knows nothing yet.
      sentAs = ''
      triesAt = now() + pause
      reportOnce(error)
      return false
    }
  }

  /** Sends the description by itself, so that an oversized one loses no spans. Returns false if nothing is left to send. */
  const sendNext = async (): Promise<boolean> => {
    const record = news()
    if (record !== undefined) return attempt({ application: record, spans: [], dropped: 0 })
    if (outbox.isEmpty) return false
    return attempt({ application: { id, name: application.name }, ...outbox.take() })
  }

  const askForHealth = async (running: RunningApplication | undefined): Promise<void> => {
    if (running === undefined || described === undefined || now() - askedAt < healthInterval) return
    askedAt = now()
    described = { ...described, health: healthOf(await running.health('readiness'), askedAt) }
  }

  return {
    tracer: tracerOf([outbox.sink], 1000),
    get isRunning() {
      return drawing !== undefined
    },
    provider: provider('inspector', {
      priority: Number.MAX_SAFE_INTEGER,
      required: false,
      register: (_registrar, { runtime }) => {
        described = {
          id,
          name: application.name,
          runtime: runtime.name,
          bootedAt: now(),
          graph: [],
          settings: [],
          used: [],
          held: [],
        }
      },
      boot(booting) {
        // What boots providers is the whole container.
        drawing = drawingOf(booting as Container)
        if (described === undefined) return
        const settings = settingsOf(application.config, (section) => booting.get(section))
        described = { ...described, graph: drawing.nodes, settings }
      },
      shutdown: () => void (drawing = undefined),
    }),
    async send(running) {
      if (now() < triesAt) return
      await askForHealth(running)
      // Bounded: what comes while this sends is left to the next.
      for (let batches = 0; batches < 10; batches++) if (!(await sendNext())) return
    },
  }
}

function healthOf({ status, checks }: Awaited<ReturnType<RunningApplication['health']>>, at: number): HealthRecord {
  return { status, at, checks }
}
