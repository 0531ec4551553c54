import { object, optional, secret, string } from '../../../core/setting/schema.ts'
import type { OutputOf } from '../../../core/setting/standard-schema.ts'
import type { DocumentDriverSettings } from '../../contract/driver.ts'

const schema = object({
  projectId: optional(string({ description: 'Google Cloud project; default: the one in the credentials.' })),
  databaseId: optional(string({ description: 'Database within the project; default: `(default)`.' })),
  credentialsJson: optional(secret(string({ description: 'Key of a service account, as JSON or as base64 of JSON.' }))),
  emulatorHost: optional(
    string({ description: 'Host and port of the emulator, such as 127.0.0.1:8080; it needs no credentials.' }),
  ),
})

/** The section `nosql.firestore`. */
export type FirestoreConfig = OutputOf<typeof schema>

export const settings: DocumentDriverSettings<FirestoreConfig> = {
  schema,
  aliases: {
    projectId: ['GOOGLE_CLOUD_PROJECT', 'GCLOUD_PROJECT', 'FIRESTORE_PROJECT'],
    credentialsJson: ['FIRESTORE_CREDENTIALS', 'GOOGLE_CREDENTIALS'],
    emulatorHost: ['FIRESTORE_EMULATOR_HOST'],
  },
  shared: [['projectId', 'credentialsJson'], ['emulatorHost']],
}
