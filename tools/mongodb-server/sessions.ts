import type { Binary } from 'mongodb'
import type { DocumentStore, DocumentTransaction } from '../../src/nosql/store/document-store.ts'
import { CommandError } from './command-error.ts'
import type { Command, Reply } from './wire.ts'

/** Open transactions and the answers of retryable writes, by session. */
export interface Sessions {
  /** Runs a command inside its session's transaction, or outside where it has none. */
  run(command: Command, store: DocumentStore, work: (target: DocumentTransaction) => Promise<Reply>): Promise<Reply>
  commit(command: Command): Promise<Reply>
  abort(command: Command): Promise<Reply>
  end(ids: readonly unknown[]): Promise<void>
  /** Transactions that are open. */
  readonly count: number
}

interface OpenTransaction {
  readonly tx: DocumentTransaction
  finish(kind: 'commit' | 'abort'): Promise<void>
}

class Abort extends Error {}

/** Answers that are kept so that a repeated write is done once. */
const keptAnswers = 1000

export function createSessions(): Sessions {
  const open = new Map<string, Promise<OpenTransaction>>()
  const ended = new Map<string, Promise<'committed' | 'aborted'>>()
  const answers = new Map<string, Promise<Reply>>()

  const transactionOf = (command: Command): Promise<OpenTransaction> => {
    const key = keyOf(command)
    const found = open.get(key)
    if (found !== undefined) return found
    throw new CommandError('NoSuchTransaction', 'the transaction of this number is not in progress', {
      errorLabels: ['TransientTransactionError'],
    })
  }
  const finish = async (command: Command, kind: 'commit' | 'abort'): Promise<Reply> => {
    const key = keyOf(command)
    // A client that got no answer asks again, and gets the same, also while the first commit is going on.
    if (kind === 'commit' && (await ended.get(key)) === 'committed') return { ok: 1 }
    const transaction = await transactionOf(command)
    open.delete(key)
    const finished = transaction.finish(kind)
    const outcome = kind === 'commit' ? 'committed' : 'aborted'
    ended.set(
      key,
      finished.then(
        () => outcome,
        () => 'aborted',
      ),
    )
    await finished
    return { ok: 1 }
  }
  const abort = async (key: string, transaction: Promise<OpenTransaction>): Promise<void> => {
    open.delete(key)
    await (await transaction).finish('abort')
  }
  /** A session has one transaction: a new one ends what a client that has gone left behind. */
  const start = async (command: Command, store: DocumentStore): Promise<void> => {
    const prefix = sessionKey(command['lsid'])
    const older = [...open].filter(([key]) => key.startsWith(prefix))
    open.set(keyOf(command), begin(store))
    for (const [key, transaction] of older) await abort(key, transaction)
  }

  return {
    async run(command, store, work) {
      if (command['autocommit'] === false) {
        if (command['startTransaction'] === true) await start(command, store)
        return work((await transactionOf(command)).tx)
      }
      if (command['txnNumber'] === undefined) return work(store)
      const key = keyOf(command)
      let answer = answers.get(key)
      if (answer === undefined) {
        answers.set(key, (answer = work(store)))
        if (answers.size > keptAnswers) answers.delete(answers.keys().next().value ?? '')
      }
      return answer
    },
    commit: (command) => finish(command, 'commit'),
    abort: (command) => finish(command, 'abort'),
    async end(ids) {
      const prefixes = ids.map((id) => sessionKey(id))
      for (const [key, transaction] of open) {
        if (prefixes.some((prefix) => key.startsWith(prefix))) await abort(key, transaction)
      }
    },
    get count() {
      return open.size
    },
  }
}

/** A transaction of the embedded store runs as long as its callback, which here waits for commit or abort. */
async function begin(store: DocumentStore): Promise<OpenTransaction> {
  const started = Promise.withResolvers<DocumentTransaction>()
  const wanted = Promise.withResolvers<'commit' | 'abort'>()
  const work = async (tx: DocumentTransaction): Promise<void> => {
    started.resolve(tx)
    if ((await wanted.promise) === 'abort') throw new Abort()
  }
  const outcome = store.transaction(work, { attempts: 1 }).catch((error: unknown) => {
    started.reject(error)
    if (!(error instanceof Abort)) throw error
  })
  outcome.catch(() => {})
  const tx = await started.promise
  return {
    tx,
    finish: (kind) => {
      wanted.resolve(kind)
      return outcome
    },
  }
}

function keyOf(command: Command): string {
  return `${sessionKey(command['lsid'])}${String(command['txnNumber'])}`
}

function sessionKey(lsid: unknown): string {
  const { id } = lsid as { id: Binary } // sent by drivers with every command of a session
  return `${id.toString('hex')}:`
}
