import type { DocumentDriver } from 'lexigram-edge/nosql'
import { aggregation } from 'lexigram-edge/nosql/aggregation'
import { dynamodb } from 'lexigram-edge/nosql/dynamodb'
import { firestore } from 'lexigram-edge/nosql/firestore'
import { memory, type SnapshotStorage } from 'lexigram-edge/nosql/memory'
import { mongodb } from 'lexigram-edge/nosql/mongodb'
import type { DatabaseDriver } from 'lexigram-edge/sql'
import { neon } from 'lexigram-edge/sql/neon'
import { postgres } from 'lexigram-edge/sql/postgres'

// Each of these is in the bundle, and configuration chooses among them. Your application lists only those that it uses.

export const sqlDrivers: readonly DatabaseDriver[] = [neon(), postgres()]

export const documentDrivers = (snapshot?: SnapshotStorage): readonly DocumentDriver[] => [
  memory({ aggregation: aggregation(), ...(snapshot && { snapshot, awaitSaves: true }) }),
  mongodb(),
  dynamodb({ aggregation: aggregation() }),
  firestore({ aggregation: aggregation() }),
]
