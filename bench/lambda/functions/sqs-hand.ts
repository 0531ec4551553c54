import { place } from './work.ts'

interface Event {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[]
}

export const handler = async ({ Records }: Event): Promise<object> => {
  const batchItemFailures: object[] = []
  for (const { messageId, body } of Records) {
    try {
      await place(JSON.parse(body) as { order: number })
    } catch {
      batchItemFailures.push({ itemIdentifier: messageId })
    }
  }
  return { batchItemFailures }
}
