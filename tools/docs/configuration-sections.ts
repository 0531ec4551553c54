import type { Section } from '../../src/core/setting/section.ts'
import { isNested, noSqlSection } from '../../src/nosql/config.ts'
import type { DocumentDriver } from '../../src/nosql/contract/driver.ts'
import { dynamodb } from '../../src/nosql/drivers/dynamodb/index.ts'
import { firestore } from '../../src/nosql/drivers/firestore/index.ts'
import { mongodb } from '../../src/nosql/drivers/mongodb/mongodb-driver.ts'
import { DatabaseConfig } from '../../src/sql/config.ts'

/** Drivers of the package that have settings. */
const documentDrivers: readonly DocumentDriver[] = [dynamodb(), firestore(), mongodb()]

/** The sections that the package itself reads. */
export const sections: readonly Section<unknown>[] = [DatabaseConfig, noSqlSection(documentDrivers, isNested)]
