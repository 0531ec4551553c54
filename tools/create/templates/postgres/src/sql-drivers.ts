import type { DatabaseDriver } from 'lexigram-edge/sql'
import { postgres } from 'lexigram-edge/sql/postgres'

/** PostgreSQL over TCP, with one pool for the process. */
export const sqlDrivers: readonly DatabaseDriver[] = [postgres()]
