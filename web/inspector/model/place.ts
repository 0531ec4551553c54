import { useEffect, useState } from 'preact/hooks'

export const views = ['requests', 'statements', 'graph', 'application'] as const
export type View = (typeof views)[number]

/** Where the page is: a view, and what is selected in it. It is the address's hash, so that it can be gone back from. */
export interface Place {
  readonly view: View
  readonly selected: string | undefined
}

export function hrefOf(view: View, selected?: string): string {
  return selected === undefined ? `#/${view}` : `#/${view}/${encodeURIComponent(selected)}`
}

export function go(view: View, selected?: string): void {
  location.hash = hrefOf(view, selected)
}

/** Where the page is now, which what was drawn last may not show yet. */
export function currentPlace(): Place {
  const [, name, selected] = location.hash.split('/')
  return {
    view: views.find((view) => view === name) ?? 'requests',
    selected: selected === undefined || selected === '' ? undefined : decode(selected),
  }
}

export function usePlace(): Place {
  const [place, setPlace] = useState(currentPlace)
  useEffect(() => {
    const follow = (): void => setPlace(currentPlace())
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  return place
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
