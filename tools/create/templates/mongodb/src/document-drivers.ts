import type { DocumentDriver } from 'lexigram-edge/nosql'
import { memory } from 'lexigram-edge/nosql/memory'
import { mongodb } from 'lexigram-edge/nosql/mongodb'

/** `memory()` forgets when the process ends: it is for your machine. `LEX_NOSQL__DRIVER` selects the driver. */
export const documentDrivers: readonly DocumentDriver[] = [mongodb(), memory()]
