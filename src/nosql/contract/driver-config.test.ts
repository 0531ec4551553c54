import { expect, it } from 'vitest'
import { dynamodb } from '../drivers/dynamodb/dynamodb-driver.ts'
import { firestore } from '../drivers/firestore/firestore-driver.ts'
import { mongodb } from '../drivers/mongodb/mongodb-driver.ts'
import { createDocumentStore } from '../store/document-store.ts'

it.each([
  [mongodb(), { url: 'mongodb://u:hunter2@h/d' }, "the config of mongodb cannot hold 'url': there is no such option"],
  [mongodb(), { uri: 'mongodb://u:hunter2@h/d' }, "'uri' must be a secret, made by toSecret(…), not a string"],
  [dynamodb(), { tabel: 'hunter2' }, "the config of dynamodb cannot hold 'tabel': there is no such option"],
  [firestore(), { projectid: 'hunter2' }, "the config of firestore cannot hold 'projectid': there is no such option"],
  [firestore(), 'hunter2', 'the config of firestore must be a plain object, not a string'],
])('a store is not opened with a setting that its driver does not have: %#', (driver, config, message) => {
  expect(() => createDocumentStore(driver, { config })).toThrow(
    expect.objectContaining({ code: 'LEX_ERR_USE_001', message }),
  )
})
