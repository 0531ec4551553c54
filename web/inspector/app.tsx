import { useState } from 'preact/hooks'
import { timeOfDay } from './model/format.ts'
import { useLive } from './model/live.ts'
import { go, hrefOf, usePlace, views, type View } from './model/place.ts'
import { useKeys } from './model/keys.ts'
import { Help } from './parts/help.tsx'
import { ApplicationView } from './views/application.tsx'
import { GraphView } from './views/graph.tsx'
import { RequestsView } from './views/requests.tsx'
import { StatementsView } from './views/statements.tsx'

const titles: Readonly<Record<View, string>> = {
  requests: 'Requests',
  statements: 'Statements',
  graph: 'Graph',
  application: 'Application',
}

export function App() {
  const live = useLive()
  const { view, selected } = usePlace()
  const [helps, setHelps] = useState(false)
  useKeys({
    ...Object.fromEntries(views.map((name, index) => [String(index + 1), () => go(name)])),
    '?': () => setHelps(!helps),
    ...(helps && { Escape: () => setHelps(false) }),
  })
  const [chosen, setChosen] = useState<string>()
  // Edited programs boot again: the newest is what is worked on.
  const application = live.applications.find(({ id }) => id === chosen) ?? live.applications.at(-1)
  const status = live.connected === undefined ? 'connecting' : live.connected ? 'live' : 'not connected'
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => skip(event)}>
        Skip to the content
      </a>
      <header class="top">
        <div class="brand">
          <strong>{application?.name ?? 'lexigram-edge'}</strong>
          {live.applications.length > 1 ? (
            <select
              aria-label="Application of the graph and the configuration"
              value={application?.id}
              onChange={(event) => setChosen(event.currentTarget.value)}
            >
              {live.applications.map(({ id, name, runtime, bootedAt }) => (
                <option key={id} value={id}>
                  {`${name}, ${runtime}, ${timeOfDay(bootedAt)}`}
                </option>
              ))}
            </select>
          ) : (
            application !== undefined && <span class="muted">{application.runtime}</span>
          )}
          <span class={`status ${status === 'live' ? 'on' : 'off'}`} role="status">
            {status}
          </span>
        </div>
        <nav aria-label="Views">
          {views.map((name) => (
            <a key={name} href={hrefOf(name)} aria-current={name === view ? 'page' : undefined}>
              {titles[name]}
            </a>
          ))}
        </nav>
        <button type="button" class="quiet" aria-label="Keys" onClick={() => setHelps(true)}>
          ?
        </button>
      </header>
      <main id="main" tabIndex={-1}>
        {live.isCrowded && (
          <p class="note muted">
            This page is as of when it was loaded: the inspector has too many pages. Close another page of the
            inspector, and this one follows again.
          </p>
        )}
        {view === 'requests' && <RequestsView live={live} selected={selected} />}
        {view === 'statements' && <StatementsView live={live} selected={selected} />}
        {view === 'graph' && <GraphView application={application} selected={selected} />}
        {view === 'application' && <ApplicationView live={live} application={application} />}
      </main>
      {helps && <Help onClose={() => setHelps(false)} />}
    </>
  )
}

/** The hash is the page's place, which a link to the content must not change. */
function skip(event: Event): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}
