import type { DatabaseDriver } from 'lexigram-edge/sql'
import { neon } from 'lexigram-edge/sql/neon'

/** Neon, over HTTP and WebSocket. For a server over TCP, use `postgres()` of lexigram-edge/sql/postgres. */
export const sqlDrivers: readonly DatabaseDriver[] = [neon()]
