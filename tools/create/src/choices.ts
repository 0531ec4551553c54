export const platforms = ['worker', 'lambda', 'vercel', 'node'] as const
export type Platform = (typeof platforms)[number]

export const dataKinds = ['sql', 'documents', 'both'] as const
export type Data = (typeof dataKinds)[number]

/** What a project is to be. */
export interface Choices {
  readonly platform: Platform
  readonly data: Data
  /** The name in its package.json. */
  readonly name: string
}

export const hasSql = (data: Data): boolean => data !== 'documents'
export const hasDocuments = (data: Data): boolean => data !== 'sql'

/** The database that a deployed project's tables are in. */
export const sqlDriverOf = (platform: Platform): 'neon' | 'postgres' => (platform === 'node' ? 'postgres' : 'neon')

/** The database that a deployed project's documents are in. */
export const documentDriverOf = (platform: Platform): 'dynamodb' | 'mongodb' =>
  platform === 'worker' || platform === 'lambda' ? 'dynamodb' : 'mongodb'

/**
 * A project's name as platforms take it for a Worker or a service: lower-case letters, digits and dashes, beginning with a
 * letter, and short enough for the names of functions that are made of it.
 */
export function serviceOf({ name }: Choices): string {
  const plain = name.replace(/^@[^/]*\//, '').replaceAll(/[^a-z0-9]+/g, '-')
  const short = plain.slice(0, 32).replaceAll(/^-+|-+$/g, '')
  return /^[a-z][a-z0-9-]/.test(short) ? short : `notes-${short}`.replace(/-$/, '')
}
