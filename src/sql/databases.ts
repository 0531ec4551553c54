import { token, type Token } from '../core/token.ts'
import type { DatabaseHealth, DatabaseProvider, SessionOptions } from './database.ts'

/** All databases of an application, for health pages. */
export interface Databases {
  /** The primary first. */
  readonly names: readonly string[]
  /** How each database and each of its replicas answers, by name, all asked at once. */
  health(options?: Omit<SessionOptions, 'readOnly'>): Promise<Readonly<Record<string, DatabaseHealth>>>
}

/** The token of all databases of an application, which `sqlProvider` registers as a singleton. */
export const Databases: Token<Databases> = token<Databases>('Databases')

export function createDatabases(databases: readonly DatabaseProvider[]): Databases {
  return {
    names: databases.map(({ name }) => name),
    async health(options) {
      const all = await Promise.all(databases.map((database) => database.health(options)))
      return Object.assign({}, ...all) as Record<string, DatabaseHealth> // each reports a record of its databases
    },
  }
}
