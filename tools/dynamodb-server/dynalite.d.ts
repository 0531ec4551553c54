/** What is used of dynalite, which has no types. */
declare module 'dynalite' {
  import type { Server } from 'node:http'
  export default function dynalite(options: {
    readonly createTableMs?: number
    readonly deleteTableMs?: number
    readonly updateTableMs?: number
  }): Server
}

declare module 'dynalite/db/index.js' {
  const db: {
    /** The error of a condition that does not hold for an item. */
    checkConditional(data: object, item: object | undefined): Error | null | undefined
  }
  export default db
}

declare module 'dynalite/validations/index.js' {
  const validations: {
    /** Parses the expressions of a request into it; returns a message when one is malformed. */
    validateExpressions(data: object): string | null | undefined
  }
  export default validations
}
