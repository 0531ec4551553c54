import type { DocumentStoreOptions } from '../../../src/nosql/store/store-context.ts'
import type { DocumentStore } from '../../../src/nosql/store/document-store.ts'
import type { Backend } from './backend.ts'
import { storeBackend } from './backends/store-backend.ts'

/** A backend over a store whose clock stands still during a command, and is later at the next. */
export function atOneMoment(open: (options: DocumentStoreOptions) => DocumentStore): Backend {
  let now = 0
  const backend = storeBackend(open({ scans: 'allow', clock: () => now }))
  return {
    command(command) {
      now = Math.max(Date.now(), now + 1)
      return backend.command(command)
    },
  }
}
