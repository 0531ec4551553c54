import type { DocumentDriver } from 'lexigram-edge/nosql'
import { dynamodb } from 'lexigram-edge/nosql/dynamodb'
import { memory } from 'lexigram-edge/nosql/memory'

/** `memory()` forgets when the process ends: it is for your machine. `LEX_NOSQL__DRIVER` selects the driver. */
export const documentDrivers: readonly DocumentDriver[] = [dynamodb(), memory()]
