import { describe, expect, it } from 'vitest'
import { reveal } from '../../core/setting/secret.ts'
import { dynamodb } from '../drivers/dynamodb/dynamodb-driver.ts'
import type { DynamoDbConfig } from '../drivers/dynamodb/config.ts'
import { firestore } from '../drivers/firestore/firestore-driver.ts'
import { chooseBackends } from './choose-drivers.ts'
import { loadSettings } from './load-settings.ts'

const drivers = [dynamodb(), firestore()]

/** What the drivers of the named stores are opened with. */
async function settingsIn(env: object) {
  const loaded = await loadSettings(drivers, env, (warning) => expect.unreachable(String(warning)))
  return chooseBackends(drivers, loaded).map(({ settings }) => settings.config)
}

/** What Lambda sets. */
const ofFunction = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'of the role',
  AWS_SECRET_ACCESS_KEY: 'secret of the role',
  AWS_SESSION_TOKEN: 'token of the role',
}
const twoStores = {
  LEX_NOSQL__DRIVER: 'dynamodb',
  LEX_NOSQL__BACKENDS__0__NAME: 'primary',
  LEX_NOSQL__BACKENDS__1__NAME: 'analytics',
}

/** With its secrets, which print as nothing. */
function plain(config: unknown) {
  // The schema of DynamoDB's driver has made it.
  const { secretAccessKey, sessionToken, ...rest } = (config ?? {}) as DynamoDbConfig
  return {
    ...rest,
    ...(secretAccessKey && { secretAccessKey: reveal(secretAccessKey) }),
    ...(sessionToken && { sessionToken: reveal(sessionToken) }),
  }
}

describe('named stores', () => {
  it('have the region and the keys that the platform sets', async () => {
    const table = { LEX_NOSQL__BACKENDS__0__DYNAMODB__TABLE: 'shop' }
    const [primary, analytics] = await settingsIn({ ...ofFunction, ...twoStores, ...table })
    const shared = {
      region: 'eu-central-1',
      accessKeyId: 'of the role',
      secretAccessKey: 'secret of the role',
      sessionToken: 'token of the role',
    }
    expect(plain(primary)).toEqual({ ...shared, table: 'shop' })
    expect(plain(analytics)).toEqual(shared)
  })

  it('never mix their keys with those of the platform', async () => {
    const own = {
      LEX_NOSQL__BACKENDS__1__DYNAMODB__ACCESS_KEY_ID: 'own',
      LEX_NOSQL__BACKENDS__1__DYNAMODB__SECRET_ACCESS_KEY: 'own secret',
    }
    const [, analytics] = await settingsIn({ ...ofFunction, ...twoStores, ...own })
    expect(plain(analytics)).toEqual({ region: 'eu-central-1', accessKeyId: 'own', secretAccessKey: 'own secret' })
  })

  it('do not share what says where documents are kept', async () => {
    const ofDriver = { LEX_NOSQL__DYNAMODB__TABLE: 'shop', LEX_NOSQL__DYNAMODB__CREATE_TABLES: 'true' }
    const [primary] = await settingsIn({ AWS_REGION: 'eu-central-1', ...twoStores, ...ofDriver })
    expect(primary).toEqual({ region: 'eu-central-1' })
  })

  it('have the project and the emulator that Google’s variables name', async () => {
    const env = { GOOGLE_CLOUD_PROJECT: 'shop', FIRESTORE_EMULATOR_HOST: '127.0.0.1:8080' }
    const own = { LEX_NOSQL__BACKENDS__1__FIRESTORE__PROJECT_ID: 'own' }
    expect(await settingsIn({ ...env, ...twoStores, ...own, LEX_NOSQL__DRIVER: 'firestore' })).toEqual([
      { projectId: 'shop', emulatorHost: '127.0.0.1:8080' },
      { projectId: 'own', emulatorHost: '127.0.0.1:8080' },
    ])
  })
})
