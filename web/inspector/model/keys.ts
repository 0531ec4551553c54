import { useEffect } from 'preact/hooks'

/** Calls what a key stands for, except while text is written or a modifier is held. */
export function useKeys(actions: Readonly<Record<string, (() => void) | undefined>>): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const writes = event.target instanceof HTMLInputElement && event.target.type !== 'checkbox'
      const chooses = event.target instanceof HTMLSelectElement
      if (event.ctrlKey || event.metaKey || event.altKey || chooses || (writes && event.key !== 'Escape')) return
      const action = actions[event.key]
      if (action === undefined) return
      event.preventDefault()
      action()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
}
