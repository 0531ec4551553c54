import type { ApplicationRecord, SettingRecord } from '../../../src/inspector/wire.ts'
import { count, duration, timeOfDay } from '../model/format.ts'
import type { Live } from '../model/live.ts'
import { hrefOf } from '../model/place.ts'
import { Badge } from '../parts/badge.tsx'
import { Empty, HowToConnect } from '../parts/empty.tsx'

function toneOf(status: string): 'good' | 'warn' | 'bad' {
  if (status === 'healthy') return 'good'
  return status === 'degraded' ? 'warn' : 'bad'
}

/** Health, what is open, and configuration. */
export function ApplicationView({ live, application }: { live: Live; application: ApplicationRecord | undefined }) {
  if (live.connected === undefined) return null
  if (application === undefined) return <HowToConnect />
  const { health, settings, name, runtime, bootedAt } = application
  const instances = live.applications.filter((one) => one.name === name && one.runtime === runtime).length
  const running = live.requests.filter(({ duration: took }) => took === undefined)
  const sections = Map.groupBy(settings, ({ section }) => section)
  return (
    <div class="page columns">
      <section aria-labelledby="health">
        <h2 id="health">Health</h2>
        {health === undefined ? (
          <p class="muted">It is asked for with the next request.</p>
        ) : (
          <>
            <p>
              <Badge tone={toneOf(health.status)}>{health.status}</Badge>{' '}
              <span class="muted">at {timeOfDay(health.at)}</span>
            </p>
            <ul class="plain">
              {health.checks.map((check) => (
                <li key={check.name}>
                  <Badge tone={toneOf(check.status)}>{check.status}</Badge> {check.name}{' '}
                  <span class="muted">{duration(check.durationMs)}</span>
                </li>
              ))}
            </ul>
            {health.checks.length === 0 && <p class="muted">No provider has a health check.</p>}
          </>
        )}
        <p class="muted">
          Booted at {timeOfDay(bootedAt)} on {runtime}
          {instances > 1 && `, ${instances} instances so far; this is the newest`}.
        </p>
      </section>
      <section aria-labelledby="open">
        <h2 id="open">Open now</h2>
        {running.length === 0 ? (
          <p class="muted">No request or job is running.</p>
        ) : (
          <ul class="plain">
            {running.slice(0, 20).map((request) => (
              <li key={request.id}>
                <a href={hrefOf('requests', request.id)}>{request.name}</a> <span class="muted">{request.detail}</span>
              </li>
            ))}
          </ul>
        )}
        <Held application={application} />
      </section>
      <section class="wide" aria-labelledby="configuration">
        <h2 id="configuration">Configuration</h2>
        {settings.length === 0 ? (
          <Empty title="No configuration">
            <p>Give the application sections: config: defineConfig({'{ … }'}).</p>
          </Empty>
        ) : (
          <div class="sections">
            {[...sections].map(([section, entries]) => (
              <Section key={section} name={section} entries={entries} />
            ))}
          </div>
        )}
      </section>
    </div>
  )
}

/** What the application closes when it is shut down. */
function Held({ application: { graph, held } }: { application: ApplicationRecord }) {
  if (held.length === 0) return <p class="muted">No singleton holds anything that has to be released.</p>
  const ioOf = (name: string): string => graph.find((node) => node.name === name)?.io ?? 'none'
  return (
    <>
      <p>{count(held.length, 'singleton')} held until shutdown:</p>
      <ul class="plain">
        {held.map((name, index) => (
          <li key={index}>
            <a href={hrefOf('graph', name)}>{name}</a>{' '}
            {ioOf(name) !== 'none' && <span class="muted">{ioOf(name)}</span>}
          </li>
        ))}
      </ul>
    </>
  )
}

function Section({ name, entries }: { name: string; entries: readonly SettingRecord[] }) {
  return (
    <div class="settings">
      <h3>{name}</h3>
      <dl>
        {entries.map(({ path, value, description }) => (
          <div key={path}>
            <dt title={description}>{path === '' ? name : path}</dt>
            <dd>{value === undefined ? <span class="hidden-value">hidden</span> : <code>{value}</code>}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
