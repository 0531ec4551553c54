import { documentDriverOf, hasDocuments, hasSql, sqlDriverOf, type Choices } from './choices.ts'

/** A variable that a project reads. */
export interface Variable {
  readonly name: string
  readonly value: string
  readonly comment: string
}

/** Seals page cursors, so that one instance reads what another has handed out. One process makes its key itself. */
const cursorSecret: Variable = {
  name: 'CURSOR_SECRET',
  value: '…',
  comment: 'a secret of at least 16 random bytes, so that every instance reads the page cursors of the others',
}

/** The variables on your machine. A Worker's database has another address each time, which `dev.mjs` passes on. */
export function localVariables({ platform, data }: Choices): readonly Variable[] {
  const sql = { name: 'DATABASE_URL', value: 'pglite:./.data', comment: 'the embedded database, in this folder' }
  const documents = { name: 'LEX_NOSQL__DRIVER', value: 'memory', comment: 'documents are lost when the process stops' }
  const cursors = { ...cursorSecret, value: 'only-for-this-machine', comment: 'seals page cursors' }
  return [
    ...(hasSql(data) && platform !== 'worker' ? [sql] : []),
    ...(hasDocuments(data) ? [documents] : []),
    // workerd is one of many instances here too.
    ...(platform === 'worker' ? [cursors] : []),
  ]
}

const ofDrivers = {
  neon: [{ name: 'DATABASE_URL', value: 'postgresql://…', comment: 'the connection string of Neon, a secret' }],
  postgres: [{ name: 'DATABASE_URL', value: 'postgresql://…', comment: 'the connection string, a secret' }],
  dynamodb: [
    { name: 'LEX_NOSQL__DRIVER', value: 'dynamodb', comment: 'instead of memory' },
    { name: 'LEX_NOSQL__DYNAMODB__TABLE', value: 'notes', comment: 'a table of DynamoDB' },
  ],
  mongodb: [
    { name: 'LEX_NOSQL__DRIVER', value: 'mongodb', comment: 'instead of memory' },
    { name: 'MONGODB_URI', value: 'mongodb+srv://…/notes', comment: 'the connection string, a secret' },
  ],
} as const satisfies Record<string, readonly Variable[]>

const awsKeys: readonly Variable[] = [
  { name: 'AWS_REGION', value: 'eu-central-1', comment: 'the region of the table' },
  { name: 'AWS_ACCESS_KEY_ID', value: '…', comment: 'an access key that may use the table' },
  { name: 'AWS_SECRET_ACCESS_KEY', value: '…', comment: 'its secret' },
]

/** The variables of a deployment. */
export function deployedVariables({ platform, data }: Choices): readonly Variable[] {
  return [
    ...(hasSql(data) ? ofDrivers[sqlDriverOf(platform)] : []),
    ...(hasDocuments(data) ? ofDrivers[documentDriverOf(platform)] : []),
    ...(hasDocuments(data) && platform === 'worker' ? awsKeys : []),
    ...(platform === 'node' ? [] : [cursorSecret]),
  ]
}
