import type { ComponentChildren } from 'preact'

/** What a view says that has nothing to show yet: what to do about it. */
export function Empty({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  )
}

/** How an application comes to be shown. */
export function HowToConnect() {
  return (
    <Empty title="No application yet">
      <p>Wrap the application, once:</p>
      <pre>
        {"import { inspect } from 'lexigram-edge/inspector'\n\nexport const app = inspect(createApplication({ … }))"}
      </pre>
      <p>and start it with this variable in its environment:</p>
      <pre>{`LEXIGRAM_INSPECTOR=${location.origin}`}</pre>
      <p>It appears here with its first request.</p>
    </Empty>
  )
}
