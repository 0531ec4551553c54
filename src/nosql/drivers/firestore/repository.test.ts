import { describe, expect, it } from 'vitest'
import { describeWithFirestore } from '../../../../test/support/firestore-emulator.ts'
import type { Document } from '../../query/value.ts'
import { DocumentRepository } from '../../repository/repository.ts'
import { createDocumentStore, type DocumentStore } from '../../store/document-store.ts'
import { firestore, type FirestoreOptions } from './firestore-driver.ts'

interface Member extends Document {
  readonly id: string
  readonly team: string
}

class Members extends DocumentRepository<Member> {
  protected readonly collectionName = 'members'

  constructor(store: DocumentStore) {
    super(store, { softDelete: true })
  }

  protected documentToEntity({ _id, team }: Document): Member {
    return { id: String(_id), team: String(team) }
  }

  protected entityToDocument({ id, team }: Member): Document {
    return { _id: id, team }
  }
}

describeWithFirestore((emulator) => {
  const opened = (options: FirestoreOptions) => {
    const bodies: string[] = []
    const driver = firestore({
      ...options,
      fetch: (url, init) => {
        if (url.endsWith(':runQuery')) bodies.push(String(init?.body))
        return fetch(url, init)
      },
    })
    const config = { projectId: 'repository', emulatorHost: emulator().host }
    return { bodies, store: createDocumentStore(driver, { config, scans: 'allow' }) }
  }
  const foreign = async (id: string) => {
    const root = 'projects/repository/databases/(default)/documents'
    const write = { update: { name: `${root}/members/${id}`, fields: { team: { stringValue: 'red' } } } }
    await fetch(`http://${emulator().host}/v1/${root}:commit`, {
      method: 'POST',
      headers: { authorization: 'Bearer owner' },
      body: JSON.stringify({ writes: [write] }),
    })
  }

  describe('a repository with soft deletion', () => {
    it('reads only what is not deleted', async () => {
      const { bodies, store } = opened({})
      await using _ = store
      const members = new Members(store)
      for (const id of ['a', 'b', 'c']) await members.save({ id, team: 'red' })
      await members.delete('b')
      expect((await members.findByFilter({ team: 'red' })).map(({ id }) => id).toSorted()).toEqual(['a', 'c'])
      expect(bodies.at(-1)).toContain('"fieldPath":"_deleted"')
      expect(await store.collection('members').findOne({ _id: 'b' })).toMatchObject({ _deleted: true })
      expect(await store.collection('members').findOne({ _id: 'a' })).not.toHaveProperty('_deleted')
      await store.dropCollection('members')
    })

    it('finds documents of other programs where an option says that there are such', async () => {
      const { bodies, store } = opened({ otherWriters: true })
      await using _ = store
      const members = new Members(store)
      await members.save({ id: 'own', team: 'red' })
      await members.save({ id: 'gone', team: 'red' })
      await members.delete('gone')
      await foreign('theirs')
      const found = await members.findByFilter({ team: 'red' })
      expect(found.map(({ id }) => id).toSorted()).toEqual(['own', 'theirs'])
      expect(bodies.at(-1)).not.toContain('"fieldPath":"_deleted","op"')
      await store.dropCollection('members')
    })
  })
})
