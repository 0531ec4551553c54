import { describe, expect, it } from 'vitest'
import { defineConfig } from '../config/define-config.ts'
import type { Scope } from '../container/resolver.ts'
import { err } from '../core/result/result.ts'
import { token } from '../core/token.ts'
import { createApplication } from '../runtime/application.ts'
import { provider } from '../runtime/provider.ts'
import { startTestApplication } from '../testing/test-application.ts'
import { NoSqlConfig } from './config.ts'
import { memory } from './drivers/memory/index.ts'
import { inDocumentTransaction } from './in-document-transaction.ts'
import { noSqlProvider } from './provider.ts'
import { DocumentRepository } from './repository/repository.ts'
import { DocumentStore } from './store/document-store.ts'

interface Order {
  readonly id: string
  readonly total: number
}

class OrderRepository extends DocumentRepository<Order> {
  static readonly inject = [DocumentStore] as const
  override readonly collectionName = 'orders'
  protected override documentToEntity(document: { _id: string; total: number }): Order {
    return { id: document._id, total: document.total }
  }
  protected override entityToDocument({ id, total }: Order) {
    return { _id: id, total }
  }
}
const Orders = token<OrderRepository>('Orders')

async function inScope<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
  const app = createApplication({
    name: 'shop',
    config: defineConfig({ nosql: NoSqlConfig }),
    providers: [
      noSqlProvider({ drivers: [memory()] }),
      provider('shop', {
        register(container) {
          container.scoped(Orders, OrderRepository)
        },
      }),
    ],
  })
  await using running = await startTestApplication(app)
  return await running.run(work)
}

describe('inDocumentTransaction', () => {
  it('commits what a repository wrote', async () => {
    await inScope(async (scope) => {
      await inDocumentTransaction(scope, async (part) => (await part.resolve(Orders)).save({ id: 'o', total: 1 }))
      expect(await (await scope.resolve(Orders)).find('o')).toEqual({ id: 'o', total: 1 })
    })
  })

  it('undoes what a repository wrote, for a returned Err', async () => {
    await inScope(async (scope) => {
      const refused = await inDocumentTransaction(scope, async (part) => {
        await (await part.resolve(Orders)).save({ id: 'o', total: 1 })
        expect(await (await part.resolve(Orders)).find('o')).not.toBeNull()
        return err('NO')
      })
      expect(refused).toEqual({ ok: false, error: 'NO' })
      expect(await (await scope.resolve(Orders)).find('o')).toBeNull()
    })
  })

  it('refuses a transaction inside', async () => {
    await inScope(async (scope) => {
      const nested = inDocumentTransaction(scope, (part) => inDocumentTransaction(part, async () => 'ok'))
      await expect(nested).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
    })
  })

  it('leaves the store of the request open', async () => {
    await inScope(async (scope) => {
      await inDocumentTransaction(scope, async (part) => part.get(DocumentStore).disconnect())
      expect(await scope.get(DocumentStore).collection('orders').countDocuments({})).toBe(0)
    })
  })
})
