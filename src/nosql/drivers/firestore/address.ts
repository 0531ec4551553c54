import { UsageError } from '../../../core/errors.ts'

export interface AddressSettings {
  readonly projectId: string
  readonly databaseId: string
  /** @default production */
  readonly emulatorHost?: string | undefined
}

/** Where calls go, and what the names of documents begin with. */
export interface Address {
  /** `https://firestore.googleapis.com/v1`, or the emulator's. */
  readonly baseUrl: string
  /** `projects/P/databases/D/documents` */
  readonly root: string
}

const productionUrl = 'https://firestore.googleapis.com/v1'
/** `shop-5512`, an old one with its domain, `example.com:shop`, or the number of one. */
const project = /^(?:[a-z0-9][a-z0-9.-]*:)?[a-z0-9][a-z0-9-]*$/
const database = /^(?:\(default\)|[a-z0-9][a-z0-9-]*)$/

/** @throws UsageError for names that no project or database can have, which would lead elsewhere as a part of a URL */
export function addressOf({ projectId, databaseId, emulatorHost }: AddressSettings): Address {
  if (!project.test(projectId)) {
    throw new UsageError('the project of firestore must be the id of a Google Cloud project', {
      hint: 'It has lower case letters, digits and hyphens, such as shop-5512.',
    })
  }
  if (!database.test(databaseId)) {
    throw new UsageError('the database of firestore must be (default), or lower case letters, digits and hyphens')
  }
  const baseUrl = emulatorHost === undefined ? productionUrl : emulatorUrl(emulatorHost)
  return { baseUrl, root: `projects/${projectId}/databases/${databaseId}/documents` }
}

/** Google's own tools write `host:port`; people write URLs too. */
const emulator = /^(?:(https?):\/\/)?((?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?)\/?$/i

function emulatorUrl(host: string): string {
  const [, protocol = 'http', place = ''] = emulator.exec(host.trim()) ?? []
  const url = `${protocol.toLowerCase()}://${place}/v1`
  // A port may be out of range.
  if (place !== '' && URL.canParse(url)) return url
  throw new UsageError('the host of the Firestore emulator must be a host and a port', {
    hint: 'Such as 127.0.0.1:8080, or [::1]:8080.',
  })
}
